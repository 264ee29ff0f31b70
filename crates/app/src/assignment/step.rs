//! What an officer, or a supervisor for the officer, reports of an assignment.

use chrono::TimeDelta;
use domain::audit::AuditEvent;
use domain::task::IllegalTransition;
use domain::{
    Assignment, AssignmentId, AssignmentKind, AssignmentState, AssignmentStep, Channel, Event, Officer, OfficerId,
    Task, TaskState, Time,
};
use serde_json::json;
use store::Tx;

use super::lifecycle::{record_acceptance, reported_step, save};
use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::task::{self, Step};
use crate::{Actor, Context, Error, Kind, Result, dispatch, idempotency, retry_contention, stats};

/// Motive in the history of a task that an officer took on.
pub const ACCEPTED: &str = "Aceptada";
/// Motive in the history of a task to which an officer is on the way.
pub const EN_ROUTE: &str = "En camino";
/// Motive in the history of a task at whose place an officer arrived.
pub const ARRIVED: &str = "Llegada al lugar";
/// How the motive begins of a task that an officer did not take on.
pub const DECLINED: &str = "Rechazada";
/// Motive in the history of a task whose officer is done while others go on.
const CLEARED: &str = "Efectivo liberado";
/// A task that is to begin later than this is only promised when accepted, not begun.
const BEGINS_SOON: TimeDelta = TimeDelta::hours(1);

/// A report of a step.
#[derive(Debug, Clone)]
pub struct StepInput {
    /// What the assignment becomes: `avisada`, `aceptada`, `en_camino`, `en_lugar`, `liberada` or
    /// `rechazada`.
    pub state: AssignmentState,
    /// By which channel the officer reported it; that of the request when absent. `voz` is for
    /// supervisors.
    pub channel: Option<Channel>,
    /// Why; needed for `rechazada`, 1 to 500 characters.
    pub reason: Option<String>,
}

/// A report, checked.
pub(crate) struct Reported {
    /// What the assignment becomes.
    pub state: AssignmentState,
    /// By which channel.
    pub channel: Channel,
    /// Why.
    pub reason: Option<String>,
}

/// Takes a step of an assignment or offer: one's own, or for another officer as a supervisor. The
/// same step again changes nothing. Returns the assignment and its task as they are then.
///
/// # Errors
/// `Occupied` with the task's code when the officer who accepts has another active task;
/// `IllegalStep` where the lifecycle does not allow the step.
pub async fn advance(cx: &Context, actor: &Actor, id: AssignmentId, input: &StepInput) -> Result<(Assignment, Task)> {
    let done = retry_contention(|| advance_once(cx, actor, id, input)).await?;
    stats::forget(cx).await;
    Ok(done)
}

async fn advance_once(cx: &Context, actor: &Actor, id: AssignmentId, input: &StepInput) -> Result<(Assignment, Task)> {
    let reported = check(actor, input)?;
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(done) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(done);
    }
    let unknown = || Error::not_found(Kind::Assignment, id);
    let known = tx.assignments().by_id(id).await?.ok_or_else(unknown)?;
    if actor.officer() != Some(known.officer) {
        policy::require(actor, Permission::AssignTasks).map_err(|_| Error::hidden(Kind::Assignment, id))?;
    }
    let task = tx.tasks().lock(known.task).await?.ok_or_else(unknown)?;
    // As it is under the lock of its task.
    let assignment = tx.assignments().by_id(id).await?.ok_or_else(unknown)?;
    let mut held = task.officers.clone();
    held.push(assignment.officer);
    let done = advance_in(cx, &mut *tx, actor, task, assignment, reported, now).await?;
    idempotency::keep(&mut *tx, actor, &done).await?;
    tx.commit().await?;
    cx.freed_officers.add(held.into_iter().filter(|officer| !done.1.officers.contains(officer)));
    Ok(done)
}

/// Records that the officer's device has confirmed a message about an assignment or offer: Telegram
/// answered it with success. Again, or for one that has been answered or has ended, nothing changes.
/// Returns whether it was recorded now: while another transaction holds the task, it is left to
/// [`record_deliveries_left`], so that whoever sends messages does not wait for it.
///
/// # Errors
/// When the store does not answer; then it is to be recorded again.
pub async fn record_delivery(cx: &Context, id: AssignmentId, at: Time) -> Result<bool> {
    retry_contention(|| record_delivery_once(cx, id, at)).await
}

async fn record_delivery_once(cx: &Context, id: AssignmentId, at: Time) -> Result<bool> {
    let actor = Actor::system(cx.rng.uuid().to_string(), "telegram");
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let Some(known) = tx.assignments().by_id(id).await? else { return Ok(false) };
    let Some(task) = tx.tasks().try_lock(known.task).await? else { return Ok(false) };
    // As it is under the lock of its task.
    let Some(mut assignment) = tx.assignments().by_id(id).await? else { return Ok(false) };
    if !assignment.state.is_unanswered() {
        return Ok(false);
    }
    let step = AssignmentStep {
        state: AssignmentState::Notified,
        at,
        by: None,
        on_behalf_of: None,
        channel: Channel::Telegram,
        reason: None,
    };
    let added = assignment.advance(step)?;
    if added.is_empty() {
        return Ok(false);
    }
    save(cx, &mut *tx, &actor, &task, assignment, added, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Records deliveries of messages that were sent while their recording failed or the process ended.
/// Returns how many.
///
/// # Errors
/// When the store does not answer.
pub async fn record_deliveries_left(cx: &Context) -> Result<usize> {
    const PAGE: u32 = 100;
    let left = cx.store.read().await?.messages().unrecorded_deliveries(PAGE).await?;
    let mut recorded = 0;
    for (id, at) in left {
        recorded += usize::from(record_delivery(cx, id, at).await?);
    }
    Ok(recorded)
}

fn check(actor: &Actor, input: &StepInput) -> Result<Reported> {
    let allowed = [
        AssignmentState::Notified,
        AssignmentState::Accepted,
        AssignmentState::EnRoute,
        AssignmentState::OnScene,
        AssignmentState::Cleared,
        AssignmentState::Declined,
    ];
    if !allowed.contains(&input.state) {
        let words: Vec<&str> = allowed.iter().map(|state| state.as_str()).collect();
        return Err(Error::invalid("estado", format!("must be one of: {}", words.join(", "))));
    }
    let channel = input.channel.unwrap_or_else(|| actor.channel());
    if channel == Channel::Voice {
        policy::require(actor, Permission::AssignTasks)?;
    }
    if channel == Channel::System {
        return Err(Error::invalid("canal", "must be one of: web, telegram, api, voz"));
    }
    let reason = input.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    let length = reason.as_ref().map_or(0, |reason| reason.chars().count());
    if length > 500 || (length == 0 && input.state == AssignmentState::Declined) {
        return Err(Error::invalid("motivo", format!("must have 1 to 500 characters, has {length}")));
    }
    Ok(Reported { state: input.state, channel, reason })
}

/// Takes a step of an assignment of a locked task, with all that follows from it. After the commit the
/// caller adds the officers whom the task held, and does not hold now, to those who were freed.
pub(crate) async fn advance_in(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: Task,
    assignment: Assignment,
    reported: Reported,
    now: Time,
) -> Result<(Assignment, Task)> {
    if task.state.is_final() && assignment.state != reported.state {
        return Err(IllegalTransition { from: task.state, to: TaskState::InProgress }.into());
    }
    let mut next = assignment.clone();
    let officers = lock_officers(tx, &task, assignment.officer).await?;
    let officer = officers.into_iter().find(|one| one.id == assignment.officer);
    let officer = officer.ok_or_else(|| Error::not_found(Kind::Officer, assignment.officer))?;
    let step = reported_step(actor, officer.user, reported.state, reported.channel, reported.reason.clone(), now);
    let added = next.advance(step)?;
    if added.is_empty() {
        return Ok((next, task));
    }
    let accepts = !assignment.state.is_accepted() && next.state.is_accepted();
    match reported.state {
        AssignmentState::Declined => decline(cx, tx, actor, task, next, added, now).await,
        AssignmentState::Cleared => clear(cx, tx, actor, task, next, added, now).await,
        _ if accepts => {
            let was_offer = assignment.kind == AssignmentKind::Offer;
            let task = accept(cx, tx, actor, task, &officer, &next, was_offer, now).await?;
            let task = record_progress(cx, tx, actor, task, officer.id, reported.state, now).await?;
            let next = save(cx, tx, actor, &task, next, added, now).await?;
            Ok((next, task))
        }
        _ => {
            let task = record_progress(cx, tx, actor, task, officer.id, reported.state, now).await?;
            if reported.state == AssignmentState::Notified {
                let motive = format!("Avisada por {}", reported.channel);
                audit_step(cx, tx, actor, &task, officer.id, &motive, now).await?;
            }
            let next = save(cx, tx, actor, &task, next, added, now).await?;
            Ok((next, task))
        }
    }
}

/// Locks the officers of a task and one more at once, in order of number, so that two transactions
/// never wait for each other.
async fn lock_officers(tx: &mut dyn Tx, task: &Task, one: OfficerId) -> Result<Vec<Officer>> {
    let mut ids = task.officers.clone();
    ids.push(one);
    ids.sort_unstable();
    ids.dedup();
    Ok(tx.officers().lock(&ids).await?)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one transaction")]
async fn accept(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut task: Task,
    officer: &Officer,
    accepted: &Assignment,
    was_offer: bool,
    now: Time,
) -> Result<Task> {
    if was_offer && !task.officers.contains(&officer.id) {
        let busy = dispatch::active_tasks_of(tx, officer.id).await?;
        if !busy.is_empty() {
            return Err(Error::Occupied(busy));
        }
        tx.tasks().assign(task.id, &[officer.id], actor.acting_user(), now).await?;
        task.officers.push(officer.id);
        task.officers.sort_unstable();
    }
    let relieved = record_acceptance(cx, tx, actor, &task, accepted, was_offer, now).await?;
    if !relieved.is_empty() {
        tx.tasks().unassign(task.id, &relieved).await?;
        task.officers.retain(|id| !relieved.contains(id));
    }
    let is_for_later = task.state == TaskState::Scheduled && task.scheduled_start > now + BEGINS_SOON;
    if task.state != TaskState::InProgress && !is_for_later {
        let begin = Step { to: TaskState::InProgress, reason: Some(ACCEPTED), by_system: false };
        task = task::step_without_lifecycle(cx, tx, actor, task, begin, now).await?;
    } else {
        task::push_history(tx, actor, &task, ACCEPTED, now).await?;
    }
    let mut moved = relieved.clone();
    moved.push(officer.id);
    moved.sort_unstable();
    task::settle(cx, tx, actor, &task, &moved, now).await?;
    if was_offer || !relieved.is_empty() {
        task.sync_waiting();
        task.updated_at = now.max(task.updated_at);
        task.version = tx.tasks().save(&task).await?;
        let event = Event::TaskAssigned { task: Box::new(task.clone()), officers: vec![officer.id] };
        if was_offer {
            record::events(cx, tx, actor, now, [event]).await?;
        }
    }
    let changed = vec!["historial".to_owned()];
    let event = task::updated_event(actor, &task, changed, relieved, Some(officer.id), Some(ACCEPTED));
    record::events(cx, tx, actor, now, [event]).await?;
    audit_step(cx, tx, actor, &task, officer.id, ACCEPTED, now).await?;
    Ok(task)
}

/// Records an officer who is on the way or at the place in the history of the task, and begins it.
async fn record_progress(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut task: Task,
    officer: OfficerId,
    state: AssignmentState,
    now: Time,
) -> Result<Task> {
    let motive = match state {
        AssignmentState::EnRoute => EN_ROUTE,
        AssignmentState::OnScene => ARRIVED,
        _ => return Ok(task),
    };
    if task.state != TaskState::InProgress {
        let begin = Step { to: TaskState::InProgress, reason: Some(motive), by_system: false };
        task = task::step_without_lifecycle(cx, tx, actor, task, begin, now).await?;
    }
    task::push_history(tx, actor, &task, motive, now).await?;
    let changed = vec!["historial".to_owned()];
    let event = task::updated_event(actor, &task, changed, Vec::new(), Some(officer), Some(motive));
    record::events(cx, tx, actor, now, [event]).await?;
    audit_step(cx, tx, actor, &task, officer, motive, now).await?;
    Ok(task)
}

async fn audit_step(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    officer: OfficerId,
    motive: &str,
    now: Time,
) -> Result<()> {
    let note = Note::new(cx, actor, AuditEvent::TaskStatusChanged, now, format!("Tarea {}: {motive}", task.code))
        .on("tarea", task.id)
        .values(None, Some(json!({ "motivo": motive, "efectivo_id": officer })))
        .tags("update,data_change");
    record::audit(tx, [note]).await
}

/// The officer refuses. The next one is sent, or asked, at once.
async fn decline(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut task: Task,
    declined: Assignment,
    added: Vec<domain::AssignmentStep>,
    now: Time,
) -> Result<(Assignment, Task)> {
    let reason = added.iter().find_map(|step| step.reason.clone()).unwrap_or_default();
    let why = format!("{DECLINED}: {reason}");
    let officer = declined.officer;
    let was_held = task.officers.contains(&officer);
    if was_held {
        task.officers.retain(|id| *id != officer);
    }
    // Before the row that holds the officer goes: the database ends what is then still open.
    let declined = save(cx, tx, actor, &task, declined, added, now).await?;
    if was_held {
        tx.tasks().unassign(task.id, &[officer]).await?;
    }
    task::push_history(tx, actor, &task, &why, now).await?;
    if was_held {
        task::settle(cx, tx, actor, &task, &[officer], now).await?;
    }
    audit_step(cx, tx, actor, &task, officer, &why, now).await?;
    let left = if was_held { vec![officer] } else { Vec::new() };
    let changed = if was_held { vec!["efectivos_asignados".to_owned()] } else { vec!["historial".to_owned()] };
    let task = dispatch::replace_officer(cx, tx, actor, task, Some(&why), now).await?;
    let event = task::updated_event(actor, &task, changed, left, Some(officer), Some(&why));
    record::events(cx, tx, actor, now, [event]).await?;
    Ok((declined, task))
}

/// The officer is done while others go on.
async fn clear(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut task: Task,
    cleared: Assignment,
    added: Vec<domain::AssignmentStep>,
    now: Time,
) -> Result<(Assignment, Task)> {
    let officer = cleared.officer;
    if task.officers.iter().all(|id| *id == officer) {
        return Err(Error::invalid("estado", "the last officer of a task finishes the task, or declines it"));
    }
    task.officers.retain(|id| *id != officer);
    let cleared = save(cx, tx, actor, &task, cleared, added, now).await?;
    tx.tasks().unassign(task.id, &[officer]).await?;
    task.updated_at = now.max(task.updated_at);
    task.version = tx.tasks().save(&task).await?;
    task::settle(cx, tx, actor, &task, &[officer], now).await?;
    task::push_history(tx, actor, &task, CLEARED, now).await?;
    let changed = vec!["efectivos_asignados".to_owned()];
    let event = task::updated_event(actor, &task, changed, vec![officer], Some(officer), Some(CLEARED));
    record::events(cx, tx, actor, now, [event]).await?;
    audit_step(cx, tx, actor, &task, officer, CLEARED, now).await?;
    Ok((cleared, task))
}
