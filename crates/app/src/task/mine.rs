//! The tasks that somebody answers for or is sent to, whatever else the level lets that person see.

use domain::Task;
use store::Page;
use store::task::TaskFilter;

use crate::{Actor, Context, Error, Result};

/// One's own tasks in the order of the page, and how many there are in all.
pub async fn mine(cx: &Context, actor: &Actor, filter: TaskFilter, page: Page) -> Result<(Vec<Task>, i64)> {
    let user = actor.user().ok_or(Error::Unauthenticated)?;
    let filter = TaskFilter { visible_to: Some(user), ..filter };
    let mut tx = cx.store.read().await?;
    let count = tx.tasks().count(&filter).await?;
    Ok((tx.tasks().list(&filter, page).await?, count))
}
