//! Sending an officer to a call, or putting the call into the queue: used for a new call, for one that
//! waits, and for one whose officer declined or left.

use domain::dispatch::{DecisionTrigger, DispatchDecision, EscalationReason, LastChoice, Nearby};
use domain::{Event, OfficerId, Task, TaskState, Time};
use store::Tx;

use super::eligibility::criteria_for;
use super::pick::{judge, pick};
use super::{deadlines, escalation};
use crate::task::{self, Step};
use crate::{Actor, Context, Result, assignment, record};

/// The officer whom the rules chose for a call.
pub(crate) struct Chosen {
    pub nearby: Nearby,
    /// Why the officer is a last choice; empty otherwise.
    pub last_choice: Vec<LastChoice>,
}

/// Sends the officer whom the rules choose to a locked emergency and begins it; without one, the call
/// waits and supervisors are notified. Returns the task and who was sent.
pub(crate) async fn dispatch_call(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: Task,
    trigger: DecisionTrigger,
    now: Time,
) -> Result<(Task, Option<Chosen>)> {
    let Some(point) = task.location else { return Ok((wait(cx, tx, actor, task, now).await?, None)) };
    let criteria = criteria_for(cx, tx, &task, point).await?;
    let may_begin = task.dispatch_from.is_none_or(|from| from <= now);
    let chosen = if may_begin { pick(cx, tx, &task, &criteria, now).await? } else { None };
    // A call that goes on waiting is not written again each time that it is looked at.
    if chosen.is_none() && trigger == DecisionTrigger::Freed {
        return Ok((task, None));
    }
    let judged = judge(cx, tx, &criteria, chosen.as_ref().map(|nearest| nearest.distance_m), now).await?;
    let decision = DispatchDecision {
        task: task.id,
        at: now,
        by: actor.acting_user(),
        trigger,
        chosen: chosen.iter().map(|nearest| nearest.officer.id).collect(),
        forced: false,
        judged,
    };
    tx.dispatch().push_decision(&decision).await?;
    match chosen {
        Some(nearest) => {
            let task = begin(cx, tx, actor, task, &[nearest.officer.id], now).await?;
            let last_choice = nearest.last_choice(&criteria, now);
            Ok((task, Some(Chosen { nearby: nearest, last_choice })))
        }
        None => Ok((wait(cx, tx, actor, task, now).await?, None)),
    }
}

/// Sends locked officers to an emergency and begins it, so that the one-active-task rule of the
/// database holds the officers from this moment on.
pub(super) async fn begin(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut task: Task,
    officers: &[OfficerId],
    now: Time,
) -> Result<Task> {
    let officers = task::send(cx, tx, actor, &mut task, officers, task::Choice::Checked, now).await?;
    task.sync_waiting();
    let by_system = actor.user().is_none();
    let task = if task.state == TaskState::InProgress {
        let mut task = task;
        task.updated_at = now.max(task.updated_at);
        task.version = tx.tasks().save(&task).await?;
        task
    } else {
        let step = Step { to: TaskState::InProgress, reason: None, by_system };
        task::step_without_lifecycle(cx, tx, actor, task, step, now).await?
    };
    let event = Event::TaskAssigned { task: Box::new(task.clone()), officers };
    record::events(cx, tx, actor, now, [event]).await?;
    Ok(task)
}

/// Puts a locked emergency into the queue. Supervisors are notified by the event.
async fn wait(cx: &Context, tx: &mut dyn Tx, actor: &Actor, mut task: Task, now: Time) -> Result<Task> {
    if task.state == TaskState::InProgress {
        let step = Step { to: TaskState::Paused, reason: Some("Sin efectivos disponibles"), by_system: true };
        task = task::step_without_lifecycle(cx, tx, actor, task, step, now).await?;
    } else if !task.awaits_officer {
        task.sync_waiting();
        task.updated_at = now.max(task.updated_at);
        task.version = tx.tasks().save(&task).await?;
    }
    deadlines::start_waiting(cx, tx, &task, now).await?;
    escalation::announce(cx, tx, actor, &task, EscalationReason::NobodyEligible, 0, Vec::new(), now).await?;
    Ok(task)
}

/// What follows when an officer of a locked task declined or left: an emergency without an officer is
/// dispatched again at once, one that others hold unanswered is offered to the next officer, and
/// another begun task without officers is paused. Saves the task.
pub(crate) async fn replace_officer(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut task: Task,
    why: Option<&str>,
    now: Time,
) -> Result<Task> {
    if task.state.is_final() || task.deleted_at.is_some() {
        return Ok(task);
    }
    if task.emergency && task.officers.is_empty() {
        task.sync_waiting();
        task.updated_at = now.max(task.updated_at);
        task.version = tx.tasks().save(&task).await?;
        let system = Actor::system(cx.rng.uuid().to_string(), "dispatch");
        let (task, sent) = dispatch_call(cx, tx, &system, task, DecisionTrigger::Redispatched, now).await?;
        let event = Event::EmergencyRaised {
            task: Box::new(task.clone()),
            assigned: sent.as_ref().map(|chosen| chosen.nearby.officer.id),
            distance_m: sent.as_ref().map(|chosen| chosen.nearby.distance_m),
            last_choice: sent.map(|chosen| chosen.last_choice).unwrap_or_default(),
        };
        record::events(cx, tx, actor, now, [event]).await?;
        return Ok(task);
    }
    if task.state == TaskState::InProgress && task.officers.is_empty() {
        let pause = Step { to: TaskState::Paused, reason: why, by_system: false };
        task = task::step_without_lifecycle(cx, tx, actor, task, pause, now).await?;
    } else {
        task.updated_at = now.max(task.updated_at);
        task.version = tx.tasks().save(&task).await?;
    }
    let rows = tx.assignments().of_tasks(&[task.id]).await?;
    let has_begun = task.emergency || task.scheduled_start <= now;
    let is_accepted = rows.iter().any(|row| row.state.is_accepted());
    let was_sent = rows.iter().any(domain::Assignment::is_open);
    if has_begun && !is_accepted && (was_sent || task.officers.is_empty()) && task.location.is_some() {
        let next = escalation::next_officers(cx, tx, &task, 1, now).await?;
        let ids: Vec<OfficerId> = next.iter().map(|nearby| nearby.officer.id).collect();
        assignment::offer(cx, tx, actor, &task, &ids, now).await?;
        if !ids.is_empty() {
            deadlines::start_round(cx, tx, &task, now, now).await?;
        }
        escalation::announce(cx, tx, actor, &task, EscalationReason::Declined, 0, ids, now).await?;
    }
    Ok(task)
}
