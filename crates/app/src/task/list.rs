//! Seeing many tasks.

use domain::Task;
use store::Page;
use store::task::TaskFilter;

use crate::{Actor, Context, Result, policy};

/// How many tasks the actor may see of these.
pub async fn count(cx: &Context, actor: &Actor, mut filter: TaskFilter) -> Result<i64> {
    filter.visible_to = policy::task_scope(actor);
    Ok(cx.store.read().await?.tasks().count(&filter).await?)
}

/// Tasks that the actor may see, in the order of the page.
pub async fn list(cx: &Context, actor: &Actor, mut filter: TaskFilter, page: Page) -> Result<Vec<Task>> {
    filter.visible_to = policy::task_scope(actor);
    Ok(cx.store.read().await?.tasks().list(&filter, page).await?)
}
