//! From state to state, with what that means for the officers.

use domain::audit::{AuditEvent, Severity};
use domain::event::ChangeCause;
use domain::history::{HistoryEntry, default_reason};
use domain::{Availability, Event, OfficerId, Task, TaskState, Time};
use serde_json::json;
use store::Tx;

use crate::diff::Difference;
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Result, assignment, dispatch};

/// One change of state.
pub(crate) struct Step<'a> {
    /// What the task is to become.
    pub to: TaskState,
    /// Why, in words; the contract's motive when absent.
    pub reason: Option<&'a str>,
    /// Whether the system does it by itself, so that nobody stands in the history.
    pub by_system: bool,
}

/// How officers were chosen for a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// By the rules of dispatch, which were applied already.
    Checked,
    /// By a supervisor.
    ByHand {
        /// Although the rules are against it.
        force: bool,
    },
}

/// Takes a locked task to another state: saves it, moves its officers' availability, and writes
/// history, events and audit. Its assignments follow: an officer who begins a task has accepted it,
/// and a task that ends releases all.
pub(crate) async fn step(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: Task,
    step: Step<'_>,
    now: Time,
) -> Result<Task> {
    let to = step.to;
    let begins = to == TaskState::InProgress && !step.by_system;
    let task = step_without_lifecycle(cx, tx, actor, task, step, now).await?;
    if begins {
        assignment::imply_acceptance(cx, tx, actor, &task, now).await?;
    } else if to.is_final() {
        assignment::close_all(cx, tx, actor, &task, now).await?;
    }
    Ok(task)
}

/// The same, where the caller changes the assignments itself.
pub(crate) async fn step_without_lifecycle(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: Task,
    step: Step<'_>,
    now: Time,
) -> Result<Task> {
    let from = task.state;
    let before = task.clone();
    let said_at = actor.request.said_at.filter(|_| !step.by_system);
    let mut task = task.transition_said_at(step.to, said_at, now)?;
    task.version = tx.tasks().save(&task).await?;
    let mut events = move_officers(tx, &task, from, now).await?;
    let by = if step.by_system { None } else { actor.acting_user() };
    let reason = step.reason.unwrap_or(default_reason(Some(from), step.to)).to_owned();
    push_state(tx, (!step.by_system).then_some(actor), &task, Some(from), Some(reason.clone()), now).await?;
    events.insert(0, Event::TaskStatusChanged { task: Box::new(task.clone()), from, by, reason: Some(reason) });
    record::events(cx, tx, actor, now, events).await?;
    let event = match step.to {
        TaskState::Finished => AuditEvent::TaskCompleted,
        _ => AuditEvent::TaskStatusChanged,
    };
    let note = Difference::between(&before, &task)
        .note(cx, actor, event, now, format!("Tarea {}: {from} → {}", task.code, step.to))
        .tags("update,data_change");
    record::audit(tx, [note]).await?;
    Ok(task)
}

/// Officers of a begun task are `en_tarea`; those of an ended one are free again unless another
/// begun task holds them.
async fn move_officers(tx: &mut dyn Tx, task: &Task, from: TaskState, now: Time) -> Result<Vec<Event>> {
    if task.officers.is_empty() || from.holds_officers() == task.state.holds_officers() {
        return Ok(Vec::new());
    }
    set_by_tasks(tx, &task.officers, now).await
}

/// Brings the availability of some officers in line with their tasks.
async fn set_by_tasks(tx: &mut dyn Tx, officers: &[OfficerId], now: Time) -> Result<Vec<Event>> {
    let officers_now = tx.officers().lock(officers).await?;
    let busy = tx.officers().on_task(officers).await?;
    let mut events = Vec::new();
    for mut officer in officers_now {
        let from = officer.availability;
        let to = match (busy.contains(&officer.id), from) {
            (true, _) => Availability::OnTask,
            (false, Availability::OnTask) => Availability::Available,
            (false, other) => other,
        };
        if from != to {
            officer.set_availability(to, now);
            tx.officers().save(&officer).await?;
            events.push(Event::OfficerStatusChanged { officer: Box::new(officer), from });
        }
    }
    Ok(events)
}

/// Sends officers to a locked task and gives those who are new on it. `task.officers` follows.
///
/// # Errors
/// `Invalid` that names each officer whom the rules exclude, unless a supervisor forces it.
pub(crate) async fn send(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &mut Task,
    officers: &[OfficerId],
    choice: Choice,
    now: Time,
) -> Result<Vec<OfficerId>> {
    let mut new: Vec<OfficerId> = officers.iter().copied().filter(|id| !task.officers.contains(id)).collect();
    new.sort_unstable();
    new.dedup();
    let known = tx.officers().lock(&new).await?;
    if let Some(unknown) = new.iter().find(|id| !known.iter().any(|officer| officer.id == **id)) {
        return Err(Error::invalid("efectivos_asignados", format!("no officer has the id {unknown}")));
    }
    let forced = match choice {
        Choice::Checked => Vec::new(),
        Choice::ByHand { force } => dispatch::check_chosen(tx, task, &known, force, now).await?,
    };
    tx.tasks().assign(task.id, &new, actor.acting_user(), now).await?;
    task.officers.extend(&new);
    task.officers.sort_unstable();
    if !new.is_empty() {
        assignment::open(cx, tx, actor, task, &new, now).await?;
        settle(cx, tx, actor, task, &new, now).await?;
        let forced: Vec<_> = forced.iter().map(|(id, why)| json!({ "efectivo_id": id, "motivo": why })).collect();
        let note = Note::new(cx, actor, AuditEvent::TaskAssigned, now, format!("Tarea {} asignada", task.code))
            .on("tarea", task.id)
            .values(None, Some(json!({ "efectivos_asignados": new })))
            .tags("update,data_change");
        let note = if forced.is_empty() { note } else { note.fact("forzado", forced).severity(Severity::High) };
        record::audit(tx, [note]).await?;
    }
    Ok(new)
}

/// Takes officers off a locked task. `task.officers` follows.
pub(super) async fn recall(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &mut Task,
    officers: &[OfficerId],
    now: Time,
) -> Result<()> {
    // Before the rows that hold the officers go: the database ends what is then still open.
    assignment::take_off(cx, tx, actor, task, officers, None, now).await?;
    tx.tasks().unassign(task.id, officers).await?;
    task.officers.retain(|id| !officers.contains(id));
    settle(cx, tx, actor, task, officers, now).await?;
    let note = Note::new(cx, actor, AuditEvent::Update, now, format!("Tarea {}: efectivos retirados", task.code))
        .on("tarea", task.id)
        .values(Some(json!({ "efectivos_asignados": officers })), None)
        .tags("update,data_change");
    record::audit(tx, [note]).await
}

/// After officers came to or left a begun task, their availability follows.
pub(crate) async fn settle(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    officers: &[OfficerId],
    now: Time,
) -> Result<()> {
    if task.state.holds_officers() && !officers.is_empty() {
        let events = set_by_tasks(tx, officers, now).await?;
        record::events(cx, tx, actor, now, events).await?;
    }
    Ok(())
}

/// Locks the officers of a task and further ones at once, in order of number, before the first change:
/// two use cases that lock in steps could wait for each other.
pub(super) async fn lock_officers(tx: &mut dyn Tx, task: &Task, more: &[OfficerId]) -> Result<()> {
    let mut ids: Vec<OfficerId> = task.officers.iter().chain(more).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    if !ids.is_empty() {
        tx.officers().lock(&ids).await?;
    }
    Ok(())
}

/// The event of a task that changed other than in its state, with who changed it and why; `officer` is
/// the one whose report it is, where it is one.
pub(crate) fn updated_event(
    actor: &Actor,
    task: &Task,
    changed: Vec<String>,
    left: Vec<OfficerId>,
    officer: Option<OfficerId>,
    reason: Option<&str>,
) -> Event {
    let (by, on_behalf_of) = (actor.acting_user(), actor.represented());
    let cause = Some(ChangeCause { by, on_behalf_of, officer, reason: reason.map(str::to_owned) });
    Event::TaskUpdated { task: Box::new(task.clone()), changed, left, cause }
}

/// A line in the history of a task that changes no state.
pub(crate) async fn push_history(tx: &mut dyn Tx, actor: &Actor, task: &Task, why: &str, now: Time) -> Result<()> {
    push_state(tx, Some(actor), task, Some(task.state), Some(why.to_owned()), now).await
}

/// A line in the history of a task that was in state `from` before, `None` for one just made; `by` is `None`
/// for what follows by itself.
pub(crate) async fn push_state(
    tx: &mut dyn Tx,
    by: Option<&Actor>,
    task: &Task,
    from: Option<TaskState>,
    reason: Option<String>,
    now: Time,
) -> Result<()> {
    let entry = HistoryEntry {
        task: task.id,
        from,
        to: task.state,
        by: by.and_then(Actor::acting_user),
        on_behalf_of: by.and_then(Actor::represented),
        reason,
        at: now,
    };
    Ok(tx.history().push(&entry).await?)
}
