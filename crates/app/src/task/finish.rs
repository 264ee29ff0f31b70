//! Closing a task by its code.

use domain::{Task, TaskCode, TaskState};
use serde::{Deserialize, Serialize};

use super::progress::{Step, step};
use crate::{Actor, Context, Error, Kind, Result, idempotency, policy, retry_contention, stats};

/// A closed task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// As it is now.
    pub task: Task,
    /// Whether it was closed before, so that nothing was changed.
    pub already: bool,
}

/// Closes a task, with `reason` in its history. The bot's updates may come twice, so a task that
/// is closed already stays as it is, and is no error.
pub async fn finish(cx: &Context, actor: &Actor, code: &TaskCode, reason: Option<&str>) -> Result<Finished> {
    let finished = retry_contention(|| finish_once(cx, actor, code, reason)).await?;
    stats::forget(cx).await;
    Ok(finished)
}

async fn finish_once(cx: &Context, actor: &Actor, code: &TaskCode, reason: Option<&str>) -> Result<Finished> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(finished) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(finished);
    }
    let unknown = || Error::not_found(Kind::TaskCode, code);
    let found = tx.tasks().by_code(code).await?.ok_or_else(unknown)?;
    let task = tx.tasks().lock(found.id).await?.ok_or_else(unknown)?;
    policy::may_finish_task(actor, &task)?;
    if task.state == TaskState::Finished {
        return Ok(Finished { task, already: true });
    }
    let task = step(cx, &mut *tx, actor, task, Step { to: TaskState::Finished, reason, by_system: false }, now).await?;
    let finished = Finished { task, already: false };
    idempotency::keep(&mut *tx, actor, &finished).await?;
    tx.commit().await?;
    cx.freed_officers.add(finished.task.officers.iter().copied());
    Ok(finished)
}
