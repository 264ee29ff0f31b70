//! Seeing a task.

use domain::history::HistoryEntry;
use domain::{Task, TaskId};
use store::Tx;

use crate::{Actor, Context, Error, Kind, Result, policy};

/// One task. An officer to whom it is offered sees it as long as the offer is open.
pub async fn by_id(cx: &Context, actor: &Actor, id: TaskId) -> Result<Task> {
    let mut tx = cx.store.read().await?;
    let task = tx.tasks().by_id(id).await?;
    let task = task.ok_or_else(|| Error::not_found(Kind::Task, id))?;
    check_visible(&mut *tx, actor, &task).await?;
    Ok(task)
}

/// Whether the actor may see a task: by the rules, or because it is offered to the actor now.
pub(crate) async fn check_visible(tx: &mut dyn Tx, actor: &Actor, task: &Task) -> Result<()> {
    let Err(refused) = policy::may_see_task(actor, task) else { return Ok(()) };
    let Some(officer) = actor.officer() else { return Err(refused) };
    let rows = tx.assignments().of_tasks(&[task.id]).await?;
    let is_offered = rows.iter().any(|row| row.officer == officer && row.is_open());
    if is_offered { Ok(()) } else { Err(refused) }
}

/// The states that a task went through, oldest first.
pub async fn history(cx: &Context, actor: &Actor, id: TaskId) -> Result<Vec<HistoryEntry>> {
    by_id(cx, actor, id).await?;
    Ok(cx.store.read().await?.history().of_task(id).await?)
}
