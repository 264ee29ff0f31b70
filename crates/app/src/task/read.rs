//! Seeing a task.

use domain::history::HistoryEntry;
use domain::{Task, TaskId};

use crate::{Actor, Context, Error, Kind, Result, policy};

/// One task.
pub async fn by_id(cx: &Context, actor: &Actor, id: TaskId) -> Result<Task> {
    let task = cx.store.read().await?.tasks().by_id(id).await?;
    let task = task.ok_or_else(|| Error::not_found(Kind::Task, id))?;
    policy::may_see_task(actor, &task)?;
    Ok(task)
}

/// The states that a task went through, oldest first.
pub async fn history(cx: &Context, actor: &Actor, id: TaskId) -> Result<Vec<HistoryEntry>> {
    by_id(cx, actor, id).await?;
    Ok(cx.store.read().await?.history().of_task(id).await?)
}
