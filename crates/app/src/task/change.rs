//! Changing a task.

use domain::audit::AuditEvent;
use domain::{Event, OfficerId, Task, TaskId};
use store::Tx;

use super::progress::{Choice, Step, lock_officers, push_history, recall, send, settle, step, updated_event};
use super::{Sent, TaskChange};
use crate::diff::Difference;
use crate::policy::{self, Permission};
use crate::record;
use crate::{
    Actor, Context, Current, Error, Kind, Result, Versions, assignment, dispatch, idempotency, retry_contention, stats,
};

/// Begins the line in the history of a task whose fields were changed; their wire names follow.
const EDITED: &str = "Editada";

async fn lock(tx: &mut dyn Tx, id: TaskId, expected: Option<Versions>) -> Result<Task> {
    let task = tx.tasks().lock(id).await?.ok_or_else(|| Error::not_found(Kind::Task, id))?;
    if expected.is_some_and(|versions| !versions.contains(task.version)) {
        return Err(Error::Outdated(Current::Task(Box::new(task))));
    }
    Ok(task)
}

/// Changes fields, officers and state of a task, in this order.
///
/// The same state again is no change. A task that is not legal in its new state is refused
/// whole: nothing of the change is kept.
pub async fn update(cx: &Context, actor: &Actor, id: TaskId, change: TaskChange) -> Result<Task> {
    let task = retry_contention(|| update_once(cx, actor, id, change.clone())).await?;
    stats::forget(cx).await;
    Ok(task)
}

async fn update_once(cx: &Context, actor: &Actor, id: TaskId, change: TaskChange) -> Result<Task> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(task) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(task);
    }
    let task = lock(&mut *tx, id, None).await?;
    policy::may_edit_task(actor, &task, &change)?;
    if change.expected.is_some_and(|versions| !versions.contains(task.version)) {
        return Err(Error::Outdated(Current::Task(Box::new(task))));
    }
    if let Some(delegate) = change.edit.delegate
        && delegate != task.delegate
        && tx.users().by_id(delegate).await?.is_none()
    {
        return Err(Error::invalid("delegado_usuario_id", format!("no user has the id {delegate}")));
    }
    let before = task.clone();
    let (mut task, mut changed) = task.edit(change.edit, now)?;
    let mut recalled = Vec::new();
    if change.officers.is_some() || change.state.is_some() {
        let come = change.officers.as_ref().map(|officers| officers.against(&task.officers).0).unwrap_or_default();
        lock_officers(&mut *tx, &task, &come).await?;
    }
    if let Some(officers) = &change.officers {
        let (come, left) = officers.against(&task.officers);
        let choice = Choice::ByHand { force: change.force };
        let came = send(cx, &mut *tx, actor, &mut task, &come, choice, now).await?;
        if !left.is_empty() {
            recall(cx, &mut *tx, actor, &mut task, &left, now).await?;
        }
        if !came.is_empty() || !left.is_empty() {
            changed.push("efectivos_asignados");
            task.awaits_officer &= task.officers.is_empty();
            task.sync_waiting();
        }
        if !came.is_empty() {
            let event = Event::TaskAssigned { task: Box::new(task.clone()), officers: came };
            record::events(cx, &mut *tx, actor, now, [event]).await?;
        }
        recalled = left;
    }
    if !changed.is_empty() {
        task.version = tx.tasks().save(&task).await?;
        let names = changed.iter().map(ToString::to_string).collect();
        let event = updated_event(actor, &task, names, recalled, None, change.reason.as_deref());
        record::events(cx, &mut *tx, actor, now, [event]).await?;
        let note = Difference::between(&before, &task)
            .note(cx, actor, AuditEvent::Update, now, format!("Tarea {} modificada", task.code))
            .tags("update,data_change");
        record::audit(&mut *tx, [note]).await?;
        // Who goes is in the steps of the assignments.
        let edited: Vec<&str> = changed.into_iter().filter(|name| *name != "efectivos_asignados").collect();
        if !edited.is_empty() {
            push_history(&mut *tx, actor, &task, &format!("{EDITED}: {}", edited.join(", ")), now).await?;
        }
    }
    if let Some(to) = change.state
        && to != task.state
    {
        let reason = change.reason.as_deref();
        task = step(cx, &mut *tx, actor, task, Step { to, reason, by_system: false }, now).await?;
    }
    let is_rescheduled = before.scheduled_start != task.scheduled_start || before.priority != task.priority;
    if is_rescheduled && !task.state.is_final() {
        dispatch::deadlines::reschedule(cx, &mut *tx, &task, now).await?;
    }
    if task.awaits_officer && !before.awaits_officer {
        dispatch::deadlines::start_waiting(cx, &mut *tx, &task, now).await?;
    }
    let freed: Vec<OfficerId> = before.officers.iter().copied().filter(|id| is_free(&task, *id)).collect();
    idempotency::keep(&mut *tx, actor, &task).await?;
    tx.commit().await?;
    cx.freed_officers.add(freed);
    Ok(task)
}

/// Whether a task holds an officer no longer who was on it.
fn is_free(task: &Task, officer: OfficerId) -> bool {
    !task.state.holds_officers() || !task.officers.contains(&officer)
}

/// Deletes a task: it stays in the record and is no longer seen. Its officers are free again.
pub async fn delete(cx: &Context, actor: &Actor, id: TaskId, expected: Option<Versions>) -> Result<Task> {
    policy::require(actor, Permission::DeleteTasks)?;
    let task = retry_contention(|| delete_once(cx, actor, id, expected)).await?;
    stats::forget(cx).await;
    Ok(task)
}

async fn delete_once(cx: &Context, actor: &Actor, id: TaskId, expected: Option<Versions>) -> Result<Task> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(task) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(task);
    }
    let mut task = lock(&mut *tx, id, expected).await?;
    let removed = Difference::removed(&task);
    lock_officers(&mut *tx, &task, &[]).await?;
    task.deleted_at = Some(now);
    task.updated_at = now;
    task.awaits_officer = false;
    task.version = tx.tasks().save(&task).await?;
    settle(cx, &mut *tx, actor, &task, &task.officers, now).await?;
    assignment::close_all(cx, &mut *tx, actor, &task, now).await?;
    record::events(cx, &mut *tx, actor, now, [Event::TaskDeleted { task: Box::new(task.clone()) }]).await?;
    let note = removed
        .note(cx, actor, AuditEvent::Delete, now, format!("Tarea {} eliminada", task.code))
        .tags("delete,data_change");
    record::audit(&mut *tx, [note]).await?;
    idempotency::keep(&mut *tx, actor, &task).await?;
    tx.commit().await?;
    cx.freed_officers.add(task.officers.iter().copied());
    Ok(task)
}

impl Sent {
    /// Who is to come and who is to leave, of those who `are` sent.
    fn against(&self, are: &[OfficerId]) -> (Vec<OfficerId>, Vec<OfficerId>) {
        match self {
            Self::Exactly(these) => (these.clone(), are.iter().copied().filter(|id| !these.contains(id)).collect()),
            Self::Also(these) => (these.clone(), Vec::new()),
            Self::Without(these) => (Vec::new(), are.iter().copied().filter(|id| these.contains(id)).collect()),
        }
    }
}
