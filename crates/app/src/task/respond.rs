//! What an officer says to a task that he or she is sent to (docs/decisions/0022).

use chrono::TimeDelta;
use domain::audit::AuditEvent;
use domain::history::HistoryEntry;
use domain::task::IllegalTransition;
use domain::{Event, OfficerId, Task, TaskId, TaskState, Time};
use serde_json::json;
use store::Tx;

use super::progress::{Step, recall, step};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Forbidden, Kind, Result, idempotency, policy, stats};

/// Motive in the history of a task that an officer took on.
pub const ACCEPTED: &str = "Aceptada";
/// Motive in the history of a task at whose place an officer arrived.
pub const ARRIVED: &str = "Llegada al lugar";
/// How the motive begins of a task that an officer did not take on.
pub const DECLINED: &str = "Rechazada";
/// A task that is to begin later than this is only promised when accepted, not begun.
const BEGINS_SOON: TimeDelta = TimeDelta::hours(1);

/// What an officer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// "I go": begins the task, unless it is for later, or goes on with one that waits for somebody.
    Accept,
    /// "I am there": stands in the history; begins a task that was not begun.
    Arrive,
    /// "I cannot": takes the officer off the task. A begun one without anybody left is paused.
    Decline {
        /// Why; 1 to 500 characters.
        reason: String,
    },
}

/// Notes what an officer says to a task. The same again changes nothing.
///
/// # Errors
/// `Forbidden` for whoever is not sent to the task; a conflict when another begun task holds the
/// officer; `IllegalTransition` for a task that has ended.
pub async fn respond(cx: &Context, actor: &Actor, id: TaskId, response: Response) -> Result<Task> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(task) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(task);
    }
    let task = tx.tasks().lock(id).await?.ok_or_else(|| Error::not_found(Kind::Task, id))?;
    policy::may_see_task(actor, &task)?;
    let sent = actor.officer().filter(|officer| task.officers.contains(officer));
    let officer = sent.ok_or(Error::Forbidden(Forbidden::NotYours))?;
    if task.state.is_final() {
        return Err(IllegalTransition { from: task.state, to: TaskState::InProgress }.into());
    }
    let task = match response {
        Response::Accept => accept(cx, &mut *tx, actor, task, now).await?,
        Response::Arrive => arrive(cx, &mut *tx, actor, task, now).await?,
        Response::Decline { reason } => decline(cx, &mut *tx, actor, task, officer, &reason, now).await?,
    };
    idempotency::keep(&mut *tx, actor, &task).await?;
    tx.commit().await?;
    stats::forget(cx).await;
    cx.officer_freed.notify_one();
    Ok(task)
}

async fn accept(cx: &Context, tx: &mut dyn Tx, actor: &Actor, task: Task, now: Time) -> Result<Task> {
    let is_for_later = task.state == TaskState::Scheduled && task.scheduled_start > now + BEGINS_SOON;
    if task.state == TaskState::InProgress || is_for_later {
        return mark(cx, tx, actor, task, ACCEPTED, now).await;
    }
    begin(cx, tx, actor, task, ACCEPTED, now).await
}

async fn arrive(cx: &Context, tx: &mut dyn Tx, actor: &Actor, task: Task, now: Time) -> Result<Task> {
    let task = match task.state {
        TaskState::InProgress => task,
        _ => begin(cx, tx, actor, task, ARRIVED, now).await?,
    };
    mark(cx, tx, actor, task, ARRIVED, now).await
}

async fn begin(cx: &Context, tx: &mut dyn Tx, actor: &Actor, task: Task, why: &str, now: Time) -> Result<Task> {
    step(cx, tx, actor, task, Step { to: TaskState::InProgress, reason: Some(why), by_system: false }, now).await
}

async fn decline(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut task: Task,
    officer: OfficerId,
    reason: &str,
    now: Time,
) -> Result<Task> {
    let length = reason.trim().chars().count();
    if !(1..=500).contains(&length) {
        return Err(Error::invalid("motivo", format!("must have 1 to 500 characters, has {length}")));
    }
    let why = format!("{DECLINED}: {}", reason.trim());
    if task.state == TaskState::InProgress && task.officers == [officer] {
        let pause = Step { to: TaskState::Paused, reason: Some(&why), by_system: false };
        task = step(cx, tx, actor, task, pause, now).await?;
    } else {
        push(tx, actor, &task, &why, now).await?;
    }
    recall(cx, tx, actor, &mut task, &[officer], now).await?;
    task.updated_at = now.max(task.updated_at);
    task.version = tx.tasks().save(&task).await?;
    tell(cx, tx, actor, &task, &["efectivos_asignados"], vec![officer], now).await?;
    Ok(task)
}

/// A line in the history that changes no state; once for each of the task's begun spans.
async fn mark(cx: &Context, tx: &mut dyn Tx, actor: &Actor, task: Task, why: &str, now: Time) -> Result<Task> {
    let history = tx.history().of_task(task.id).await?;
    let said = |entry: &&HistoryEntry| entry.by == actor.user() && entry.reason.as_deref() == Some(why);
    // Whoever was taken off and sent again says it again.
    let since = history.iter().rposition(|entry| {
        entry.by == actor.user() && entry.reason.as_deref().is_some_and(|reason| reason.starts_with(DECLINED))
    });
    if history.iter().skip(since.map_or(0, |at| at + 1)).any(|entry| said(&entry)) {
        return Ok(task);
    }
    push(tx, actor, &task, why, now).await?;
    tell(cx, tx, actor, &task, &["historial"], Vec::new(), now).await?;
    let note = Note::new(cx, actor, AuditEvent::TaskStatusChanged, now, format!("Tarea {}: {why}", task.code))
        .on("tarea", task.id)
        .values(None, Some(json!({ "motivo": why })))
        .tags("update,data_change");
    record::audit(tx, [note]).await?;
    Ok(task)
}

async fn push(tx: &mut dyn Tx, actor: &Actor, task: &Task, why: &str, now: Time) -> Result<()> {
    let entry = HistoryEntry {
        task: task.id,
        from: Some(task.state),
        to: task.state,
        by: actor.user(),
        reason: Some(why.to_owned()),
        at: now,
    };
    Ok(tx.history().push(&entry).await?)
}

async fn tell(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    changed: &[&str],
    left: Vec<OfficerId>,
    now: Time,
) -> Result<()> {
    let changed = changed.iter().map(ToString::to_string).collect();
    record::events(cx, tx, actor, now, [Event::TaskUpdated { task: Box::new(task.clone()), changed, left }]).await
}
