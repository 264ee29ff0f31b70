//! What an officer answers to a task that he or she is sent to or offered (docs/decisions/0022 and
//! 0032).

use domain::assignment::IllegalStep;
use domain::task::IllegalTransition;
use domain::{AssignmentState, Task, TaskId, TaskState};

use crate::assignment::{self, Reported};
use crate::{Actor, Context, Error, Forbidden, Kind, Result, idempotency, policy, retry_contention, stats};

/// What an officer answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// "I go": begins the task, unless it is for later, or goes on with one that was paused.
    Accept,
    /// "I am on the way": accepts it too.
    EnRoute,
    /// "I am there": accepts it too; begins a task that was not begun.
    Arrive,
    /// "I cannot": takes the officer off the task. The next officer is sent or asked at once.
    Decline {
        /// Why; 1 to 500 characters.
        reason: String,
    },
}

/// Records what an officer answers to a task. The same again changes nothing.
///
/// # Errors
/// `Forbidden` for an officer who is neither sent to the task nor offered it; `Occupied` when another
/// begun task holds the officer; `IllegalTransition` for a task that has ended; `IllegalStep` for an
/// officer whose place another one has taken.
pub async fn respond(cx: &Context, actor: &Actor, id: TaskId, response: Response) -> Result<Task> {
    let task = retry_contention(|| respond_once(cx, actor, id, &response)).await?;
    stats::forget(cx).await;
    Ok(task)
}

async fn respond_once(cx: &Context, actor: &Actor, id: TaskId, response: &Response) -> Result<Task> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(task) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(task);
    }
    let task = tx.tasks().lock(id).await?.ok_or_else(|| Error::not_found(Kind::Task, id))?;
    let rows = tx.assignments().of_tasks(&[id]).await?;
    let own = |row: &&domain::Assignment| actor.officer() == Some(row.officer);
    let known = rows.iter().rev().find(own);
    if known.is_none() {
        policy::may_see_task(actor, &task)?;
    }
    let ended: Error = IllegalTransition { from: task.state, to: TaskState::InProgress }.into();
    let open = rows.iter().find(|row| own(row) && row.is_open()).cloned();
    let is_sent = actor.officer().is_some_and(|officer| task.officers.contains(&officer));
    let row = match open {
        Some(row) => row,
        // Sent by a replica of an earlier version, which keeps no assignments.
        None if is_sent => {
            let officers: Vec<_> = actor.officer().into_iter().collect();
            assignment::open(cx, &mut *tx, actor, &task, &officers, now).await?;
            let rows = tx.assignments().of_tasks(&[id]).await?;
            rows.into_iter().find(|row| own(&row) && row.is_open()).ok_or(Error::Forbidden(Forbidden::NotYours))?
        }
        None if task.state.is_final() => return Err(ended),
        None => {
            return Err(match known {
                Some(row) if row.state == AssignmentState::Superseded => {
                    IllegalStep { from: row.state, to: AssignmentState::Accepted }.into()
                }
                _ => Error::Forbidden(Forbidden::NotYours),
            });
        }
    };
    if task.state.is_final() {
        return Err(ended);
    }
    let (state, reason) = match response {
        Response::Accept => (AssignmentState::Accepted, None),
        Response::EnRoute => (AssignmentState::EnRoute, None),
        Response::Arrive => (AssignmentState::OnScene, None),
        Response::Decline { reason } => {
            let length = reason.trim().chars().count();
            if !(1..=500).contains(&length) {
                return Err(Error::invalid("motivo", format!("must have 1 to 500 characters, has {length}")));
            }
            (AssignmentState::Declined, Some(reason.trim().to_owned()))
        }
    };
    let is_paused = task.state == TaskState::Paused;
    let mut held = task.officers.clone();
    held.push(row.officer);
    let reported = Reported { state, channel: actor.channel(), reason };
    let (_, mut task) = assignment::advance_in(cx, &mut *tx, actor, task, row, reported, now).await?;
    // An officer who had accepted before goes on with a task that was paused.
    if is_paused && task.state == TaskState::Paused && state == AssignmentState::Accepted {
        let begin = super::Step { to: TaskState::InProgress, reason: Some(assignment::ACCEPTED), by_system: false };
        task = super::step_without_lifecycle(cx, &mut *tx, actor, task, begin, now).await?;
    }
    idempotency::keep(&mut *tx, actor, &task).await?;
    tx.commit().await?;
    cx.freed_officers.add(held.into_iter().filter(|officer| !task.officers.contains(officer)));
    Ok(task)
}
