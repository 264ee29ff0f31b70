//! Seeing many tasks.

use domain::Task;
use store::Page;
use store::task::TaskFilter;

use crate::{Actor, Context, Result, policy};

/// Tasks that the actor may see, in the order of the page.
pub async fn list(cx: &Context, actor: &Actor, mut filter: TaskFilter, page: Page) -> Result<Vec<Task>> {
    filter.visible_to = policy::task_scope(actor);
    Ok(cx.store.read().await?.tasks().list(&filter, page).await?)
}
