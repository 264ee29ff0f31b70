//! Deadlines of acceptance: when they run, and the state that survives restarts.

use chrono::TimeDelta;
use domain::dispatch::{AckDeadlines, DispatchState};
use domain::{AssignmentState, Task, TaskId, Time};
use store::Tx;

use crate::{Context, Result};

fn seconds(seconds: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(seconds))
}

/// The deadlines of a task: those of its priority, or none while an imported office has no linked
/// officer and has not chosen deadlines itself.
pub(crate) async fn in_force(cx: &Context, tx: &mut dyn Tx, task: &Task) -> Result<AckDeadlines> {
    let settings = &cx.settings.dispatch;
    if !settings.deadlines_chosen && tx.dispatch().is_import_unlinked().await? {
        return Ok(AckDeadlines::OFF);
    }
    Ok(settings.deadlines(task.priority))
}

/// By when an assignment or offer that runs from `runs_from` must be accepted.
pub(crate) async fn ack_due(cx: &Context, tx: &mut dyn Tx, task: &Task, runs_from: Time) -> Result<Option<Time>> {
    let deadlines = in_force(cx, tx, task).await?;
    Ok(deadlines.is_on().then(|| runs_from + seconds(deadlines.second)))
}

async fn state_of(tx: &mut dyn Tx, task: TaskId, now: Time) -> Result<DispatchState> {
    Ok(tx.dispatch().state(task).await?.unwrap_or_else(|| DispatchState::new(task, now)))
}

/// Begins a round of deadlines of a locked task, unless one runs.
pub(crate) async fn start_round(cx: &Context, tx: &mut dyn Tx, task: &Task, runs_from: Time, now: Time) -> Result<()> {
    let mut state = state_of(tx, task.id, now).await?;
    // While a call waits, what is due is the report that it waits too long.
    if state.due_at.is_some() && !task.awaits_officer {
        return Ok(());
    }
    state.round += 1;
    state.round_started = runs_from;
    state.step = 0;
    state.due_at = ack_due(cx, tx, task, runs_from).await?;
    tx.dispatch().put_state(&state).await?;
    Ok(())
}

/// When a waiting call is reported to supervisors again.
pub(crate) async fn start_waiting(cx: &Context, tx: &mut dyn Tx, task: &Task, now: Time) -> Result<()> {
    let mut state = state_of(tx, task.id, now).await?;
    state.step = 0;
    state.due_at = Some(now + cx.settings.dispatch.waiting_limit);
    tx.dispatch().put_state(&state).await?;
    Ok(())
}

/// No step of a task's dispatch is due any more.
pub(crate) async fn stop(tx: &mut dyn Tx, task: TaskId) -> Result<()> {
    if let Some(mut state) = tx.dispatch().state(task).await?
        && state.due_at.is_some()
    {
        state.due_at = None;
        tx.dispatch().put_state(&state).await?;
    }
    Ok(())
}

/// The programmed start or the priority of a locked task has changed: what is not due yet moves with it.
pub(crate) async fn reschedule(cx: &Context, tx: &mut dyn Tx, task: &Task, now: Time) -> Result<()> {
    let deadlines = in_force(cx, tx, task).await?;
    // An emergency runs from when it was sent, and so does what has begun to run.
    let moved = |from: Time| if from > now && !task.emergency { task.scheduled_start.max(now) } else { from };
    let mut is_unanswered = false;
    for mut row in tx.assignments().of_tasks(&[task.id]).await? {
        let Some(from) = row.runs_from.filter(|_| row.is_open() && row.state.is_unanswered()) else { continue };
        is_unanswered = true;
        let from = moved(from);
        let due = deadlines.is_on().then(|| from + seconds(deadlines.second));
        if row.state != AssignmentState::Expired && (row.runs_from, row.ack_due) != (Some(from), due) {
            (row.runs_from, row.ack_due) = (Some(from), due);
            tx.assignments().save(&row, &[]).await?;
        }
    }
    if is_unanswered && !task.awaits_officer {
        let mut state = state_of(tx, task.id, now).await?;
        state.round_started = moved(state.round_started);
        let step = deadlines.of_step(state.step + 1).map(|after| state.round_started + seconds(after));
        state.due_at = if deadlines.is_on() { step.or(state.due_at) } else { None };
        tx.dispatch().put_state(&state).await?;
    }
    Ok(())
}
