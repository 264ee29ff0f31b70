//! Tasks and who is sent to them.

use std::sync::Arc;

use domain::Level;

use super::given;
use crate::Store;

/// What was made is found again, whole.
pub async fn a_task_is_found_by_number_and_code(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await;
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.tasks().by_id(task.id).await.expect("an answer").as_ref(), Some(&task));
    assert_eq!(tx.tasks().by_code(&task.code).await.expect("an answer").as_ref(), Some(&task));
}
