//! Seeing a task.

use domain::history::HistoryEntry;
use domain::{OfficerId, Task, TaskCode, TaskId};
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

/// The name of an officer who is sent to a task that the actor may see, whatever else the actor may see of
/// people: a caller for help sees who comes.
pub async fn officer_name(cx: &Context, actor: &Actor, task: &Task, officer: OfficerId) -> Result<Option<String>> {
    let mut tx = cx.store.read().await?;
    check_visible(&mut *tx, actor, task).await?;
    if !task.officers.contains(&officer) {
        return Err(Error::hidden(Kind::Officer, officer));
    }
    Ok(tx.officers().by_id(officer).await?.map(|officer| officer.full_name()))
}

/// Whether a task has the code, for one who is about to make a task.
pub async fn is_code_taken(cx: &Context, actor: &Actor, code: &TaskCode) -> Result<bool> {
    policy::require(actor, policy::Permission::CreateTasks)?;
    Ok(cx.store.read().await?.tasks().by_code(code).await?.is_some())
}

/// The states that a task went through, oldest first.
pub async fn history(cx: &Context, actor: &Actor, id: TaskId) -> Result<Vec<HistoryEntry>> {
    by_id(cx, actor, id).await?;
    Ok(cx.store.read().await?.history().of_task(id).await?)
}
