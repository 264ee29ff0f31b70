//! Escalation: what happens when officers do not accept in time, or a call waits too long.

use std::collections::HashSet;

use chrono::TimeDelta;
use domain::audit::AuditEvent;
use domain::dispatch::{DecisionTrigger, DispatchDecision, EscalationReason, Nearby};
use domain::{AssignmentKind, Event, OfficerId, Task, TaskId, Time};
use futures::{StreamExt, stream};
use serde_json::json;
use store::Tx;

use super::eligibility::criteria_for;
use super::{deadlines, pick};
use crate::record::{self, Note};
use crate::{Actor, Context, Result, assignment, retry_contention, task};

/// Steps that are taken in one pass.
const PASS: u32 = 50;
/// Steps that are taken at once: what PostgreSQL gains by more than this, requests lose.
const AT_ONCE: usize = 4;
/// The step that offers a task to all officers in the radius.
const LAST_STEP: u32 = 3;

/// Takes the steps that are due, each in a transaction of its own, some at a time. Returns how many were
/// taken. Safe to run on every replica at once: a task is locked by one, and each step is taken once.
pub async fn escalate_due(cx: &Context) -> Result<usize> {
    let mut taken = 0;
    // Tasks that stay due, since another replica is at them or they fail, must not hide those behind them.
    let mut passed_over: HashSet<TaskId> = HashSet::new();
    loop {
        let limit = PASS.saturating_add(u32::try_from(passed_over.len()).unwrap_or(u32::MAX));
        let mut due = cx.store.read().await?.dispatch().due(cx.clock.now(), limit).await?;
        let is_end = due.len() < limit as usize;
        due.retain(|task| !passed_over.contains(task));
        let mut outcomes = stream::iter(due)
            .map(|task| async move { (task, retry_contention(|| escalate(cx, task)).await) })
            .buffer_unordered(AT_ONCE);
        while let Some((task, outcome)) = outcomes.next().await {
            match outcome {
                Ok(true) => taken += 1,
                Ok(false) => drop(passed_over.insert(task)),
                Err(error) => {
                    tracing::warn!(task.id = task.0, error = &error as &dyn std::error::Error, "escalation failed");
                    passed_over.insert(task);
                }
            }
        }
        if is_end {
            return Ok(taken);
        }
    }
}

/// Takes the step of one task that is due. `false` where nothing is, or another transaction holds it.
async fn escalate(cx: &Context, id: TaskId) -> Result<bool> {
    let actor = Actor::system(cx.rng.uuid().to_string(), "escalation");
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let Some(task) = tx.tasks().try_lock(id).await? else {
        return forget_missing(cx, tx, id).await;
    };
    let Some(mut state) = tx.dispatch().state(id).await? else { return Ok(false) };
    if state.due_at.is_none_or(|due| due > now) {
        return Ok(false);
    }
    if task.state.is_final() {
        state.due_at = None;
        tx.dispatch().put_state(&state).await?;
        tx.commit().await?;
        return Ok(true);
    }
    if task.awaits_officer {
        state.due_at = None;
        tx.dispatch().put_state(&state).await?;
        announce(cx, &mut *tx, &actor, &task, EscalationReason::WaitsTooLong, 0, Vec::new(), now).await?;
        tx.commit().await?;
        return Ok(true);
    }
    assignment::expire(cx, &mut *tx, &actor, &task, None, None, now).await?;
    let rows = tx.assignments().of_tasks(&[id]).await?;
    let is_unanswered = rows.iter().any(|row| row.kind == AssignmentKind::Assignment && row.state.is_unanswered())
        || (task.officers.is_empty() && rows.iter().any(domain::Assignment::is_open));
    let deadlines = deadlines::in_force(cx, &mut *tx, &task).await?;
    if !is_unanswered || !deadlines.is_on() {
        state.due_at = None;
        tx.dispatch().put_state(&state).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let is_new_step = state.step < LAST_STEP && deadlines.of_step(state.step + 1).is_some();
    let wanted = match state.step + 1 {
        1 | 2 => 1,
        _ => cx.settings.dispatch.most_offers,
    };
    let open_offers = rows.iter().filter(|row| row.kind == AssignmentKind::Offer && row.is_open()).count();
    let room = (cx.settings.dispatch.most_offers as usize).saturating_sub(open_offers);
    let next = next_officers(cx, &mut *tx, &task, wanted.min(u32::try_from(room).unwrap_or(wanted)), now).await?;
    let offered: Vec<OfficerId> = next.iter().map(|nearby| nearby.officer.id).collect();
    assignment::offer(cx, &mut *tx, &actor, &task, &offered, now).await?;
    if is_new_step {
        state.step += 1;
        tx.dispatch().take_step(id, state.round, state.step, now).await?;
    }
    let following = deadlines.of_step(state.step + 1).map(|after| state.round_started + seconds(after));
    // Beyond the last step, officers who become eligible later are still offered the task.
    state.due_at = Some(following.unwrap_or(now + seconds(deadlines.second)).max(now + TimeDelta::seconds(1)));
    tx.dispatch().put_state(&state).await?;
    if is_new_step || !offered.is_empty() {
        let step = if is_new_step { state.step } else { 0 };
        record_step(cx, &mut *tx, &actor, &task, step, &offered, now).await?;
        announce(cx, &mut *tx, &actor, &task, EscalationReason::NotAccepted, step, offered, now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

fn seconds(seconds: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(seconds))
}

/// A task that was deleted has no steps any more; one that another transaction holds is left to it.
async fn forget_missing(cx: &Context, mut tx: Box<dyn Tx>, id: TaskId) -> Result<bool> {
    if cx.store.read().await?.tasks().by_id(id).await?.is_some() {
        return Ok(false);
    }
    deadlines::stop(&mut *tx, id).await?;
    tx.commit().await?;
    Ok(true)
}

/// The officers who come next for a task, at most `most`. An offer holds no one, so that none is
/// locked; whoever accepts is.
pub(super) async fn next_officers(
    cx: &Context,
    tx: &mut dyn Tx,
    task: &Task,
    most: u32,
    now: Time,
) -> Result<Vec<Nearby>> {
    let (Some(point), true) = (task.location, most > 0) else { return Ok(Vec::new()) };
    let criteria = criteria_for(cx, tx, task, point).await?;
    let mut next = tx.geo().nearest_first_choice(&criteria, now, most).await?;
    if next.len() < most as usize {
        let mut eligible = tx.geo().nearest_eligible(&criteria, now, most).await?;
        eligible.sort_by_key(|nearby| nearby.last_choice(&criteria, now).len());
        for nearby in eligible {
            if next.len() < most as usize && !next.iter().any(|known| known.officer.id == nearby.officer.id) {
                next.push(nearby);
            }
        }
    }
    if !next.is_empty() {
        let decision = DispatchDecision {
            task: task.id,
            at: now,
            by: None,
            trigger: DecisionTrigger::Escalated,
            chosen: next.iter().map(|nearby| nearby.officer.id).collect(),
            forced: false,
            judged: next.iter().map(|nearby| pick::judged(cx, nearby, &criteria, now)).collect(),
        };
        tx.dispatch().push_decision(&decision).await?;
    }
    Ok(next)
}

/// A step in the history and the audit of its task.
async fn record_step(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    step: u32,
    offered: &[OfficerId],
    now: Time,
) -> Result<()> {
    let reason = match (step, offered.len()) {
        (0, count) => format!("Escalamiento: ofrecida a {count} más"),
        (step, 0) => format!("Escalamiento {step}: sin aceptar, y nadie más para ofrecer"),
        (step, count) => format!("Escalamiento {step}: sin aceptar, ofrecida a {count} más"),
    };
    task::push_history(tx, actor, task, &reason, now).await?;
    let note = Note::new(cx, actor, AuditEvent::TaskAssigned, now, format!("Tarea {}: {reason}", task.code))
        .on("tarea", task.id)
        .values(None, Some(json!({ "paso": step, "ofrecida_a": offered })))
        .tags("update,data_change");
    record::audit(tx, [note]).await
}

/// The event by which supervisors are notified.
#[expect(clippy::too_many_arguments, reason = "the parts of one event")]
pub(super) async fn announce(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    reason: EscalationReason,
    step: u32,
    offered: Vec<OfficerId>,
    now: Time,
) -> Result<()> {
    metrics::counter!("gad_dispatch_escalations_total", "reason" => reason.as_str()).increment(1);
    let event = Event::DispatchEscalated { task: Box::new(task.clone()), reason, step, offered };
    record::events(cx, tx, actor, now, [event]).await
}
