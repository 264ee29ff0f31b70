//! Changes of assignments within the transaction of a use case that holds the task's lock.

use domain::assignment::NewAssignment;
use domain::{
    Assignment, AssignmentKind, AssignmentState, AssignmentStep, Channel, Event, OfficerId, Task, Time, UserId,
};
use store::Tx;

use crate::dispatch::deadlines;
use crate::{Actor, Context, Result, record};

/// A step that `actor` takes now, without words.
fn step_of(actor: &Actor, state: AssignmentState, reason: Option<&str>, now: Time) -> AssignmentStep {
    AssignmentStep {
        state,
        at: actor.fact_time(now),
        by: actor.acting_user(),
        on_behalf_of: actor.represented(),
        channel: actor.channel(),
        reason: reason.map(str::to_owned),
    }
}

/// A step that follows from what another officer did.
fn step_of_system(state: AssignmentState, now: Time) -> AssignmentStep {
    AssignmentStep { state, at: now, by: None, on_behalf_of: None, channel: Channel::System, reason: None }
}

/// Writes one assignment with the steps that were added, and its event.
pub(super) async fn save(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    assignment: Assignment,
    added: Vec<AssignmentStep>,
    now: Time,
) -> Result<Assignment> {
    tx.assignments().save(&assignment, &added).await?;
    if !added.is_empty() {
        let event =
            Event::AssignmentChanged { task: Box::new(task.clone()), assignment: Box::new(assignment.clone()), added };
        record::events(cx, tx, actor, now, [event]).await?;
    }
    Ok(assignment)
}

/// Adds one with its first step, and its event.
async fn insert(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    new: NewAssignment,
    now: Time,
) -> Result<()> {
    let assignment = Box::new(tx.assignments().insert(&new).await?);
    let event = Event::AssignmentChanged { task: Box::new(task.clone()), assignment, added: vec![new.first] };
    record::events(cx, tx, actor, now, [event]).await
}

/// Opens assignments of officers who are new on a locked task, and starts their deadlines. In a task
/// that has ended the officers are a correction of the record: none is sent, and each is released.
pub(crate) async fn open(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    officers: &[OfficerId],
    now: Time,
) -> Result<()> {
    if task.state.is_final() {
        // The database opened them together with `tarea_efectivos`.
        for mut row in tx.assignments().of_tasks(&[task.id]).await? {
            if row.is_open() && officers.contains(&row.officer) {
                row.state = AssignmentState::Cleared;
                tx.assignments().save(&row, &[]).await?;
            }
        }
        return Ok(());
    }
    let runs_from = if task.emergency { now } else { task.scheduled_start.max(now) };
    let ack_due = deadlines::ack_due(cx, tx, task, runs_from).await?;
    let existing = tx.assignments().of_tasks(&[task.id]).await?;
    for officer in officers {
        let first = step_of(actor, AssignmentState::Assigned, None, now);
        match existing.iter().find(|row| row.officer == *officer && row.is_open()) {
            // An offer that a supervisor turns into an assignment.
            Some(offered) if offered.kind == AssignmentKind::Offer => {
                let mut assignment = offered.clone();
                assignment.kind = AssignmentKind::Assignment;
                assignment.state = AssignmentState::Assigned;
                assignment.ack_due = ack_due;
                assignment.steps.push(first.clone());
                save(cx, tx, actor, task, assignment, vec![first], now).await?;
            }
            // Written by the database together with `tarea_efectivos`: it has no first step yet.
            Some(bare) if bare.steps.is_empty() && bare.runs_from.is_none() => {
                let mut assignment = bare.clone();
                assignment.runs_from = Some(runs_from);
                assignment.ack_due = ack_due;
                assignment.steps.push(first.clone());
                save(cx, tx, actor, task, assignment, vec![first], now).await?;
            }
            Some(_) => {}
            None => {
                let new = NewAssignment {
                    task: task.id,
                    officer: *officer,
                    kind: AssignmentKind::Assignment,
                    runs_from,
                    ack_due,
                    first,
                };
                insert(cx, tx, actor, task, new, now).await?;
            }
        }
    }
    if !officers.is_empty() {
        deadlines::start_round(cx, tx, task, runs_from, now).await?;
    }
    Ok(())
}

/// Offers a locked task to further officers.
pub(crate) async fn offer(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    officers: &[OfficerId],
    now: Time,
) -> Result<()> {
    let ack_due = deadlines::ack_due(cx, tx, task, now).await?;
    for officer in officers {
        let first = step_of_system(AssignmentState::Offered, now);
        let kind = AssignmentKind::Offer;
        let new = NewAssignment { task: task.id, officer: *officer, kind, runs_from: now, ack_due, first };
        insert(cx, tx, actor, task, new, now).await?;
    }
    Ok(())
}

/// Ends the assignments and offers of officers who are taken off a locked task.
pub(crate) async fn take_off(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    officers: &[OfficerId],
    reason: Option<&str>,
    now: Time,
) -> Result<()> {
    for mut row in tx.assignments().of_tasks(&[task.id]).await? {
        if row.is_open() && officers.contains(&row.officer) {
            let to = if row.state.is_accepted() { AssignmentState::Cleared } else { AssignmentState::Superseded };
            let added = row.advance(step_of(actor, to, reason, now))?;
            save(cx, tx, actor, task, row, added, now).await?;
        }
    }
    Ok(())
}

/// Ends all assignments and offers of a task that ended or was deleted. An officer who ends the task
/// has accepted it.
pub(crate) async fn close_all(cx: &Context, tx: &mut dyn Tx, actor: &Actor, task: &Task, now: Time) -> Result<()> {
    for mut row in tx.assignments().of_tasks(&[task.id]).await? {
        if !row.is_open() {
            continue;
        }
        let is_own = actor.officer() == Some(row.officer) && task.deleted_at.is_none();
        let mut added = Vec::new();
        if is_own && !row.state.is_accepted() {
            added.extend(row.advance(step_of(actor, AssignmentState::Accepted, None, now))?);
        }
        // Rows that are older than the lifecycle were never answered by anyone.
        let to = if row.state.is_accepted() || row.runs_from.is_none() {
            AssignmentState::Cleared
        } else {
            AssignmentState::Superseded
        };
        added.extend(row.advance(step_of(actor, to, None, now))?);
        save(cx, tx, actor, task, row, added, now).await?;
    }
    deadlines::stop(tx, task.id).await
}

/// An officer who begins a task that he or she is sent to has accepted it.
pub(crate) async fn imply_acceptance(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    now: Time,
) -> Result<()> {
    let Some(own) = actor.officer().filter(|officer| task.officers.contains(officer)) else { return Ok(()) };
    let rows = tx.assignments().of_tasks(&[task.id]).await?;
    let Some(mut row) = rows.into_iter().find(|row| row.officer == own && row.state.is_unanswered()) else {
        return Ok(());
    };
    let added = row.advance(step_of(actor, AssignmentState::Accepted, None, now))?;
    record_acceptance(cx, tx, actor, task, &row, false, now).await?;
    save(cx, tx, actor, task, row, added, now).await?;
    Ok(())
}

/// What follows from the acceptance of one assignment of a locked task: it takes the place of one
/// that was not accepted, if it was an offer; once no assignment is unanswered, all offers end.
/// Returns the officers who are held no longer.
pub(crate) async fn record_acceptance(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    accepted: &Assignment,
    was_offer: bool,
    now: Time,
) -> Result<Vec<OfficerId>> {
    let mut others: Vec<Assignment> = tx.assignments().of_tasks(&[task.id]).await?;
    others.retain(|row| row.id != accepted.id && row.state.is_unanswered());
    let mut relieved = Vec::new();
    if was_offer {
        // The one who let it expire first, else the one who has waited longest.
        let replaced = others
            .iter()
            .filter(|row| row.kind == AssignmentKind::Assignment)
            .min_by_key(|row| (row.state != AssignmentState::Expired, row.id));
        relieved.extend(replaced.map(|row| row.officer));
    }
    let waits_for_more =
        others.iter().any(|row| row.kind == AssignmentKind::Assignment && !relieved.contains(&row.officer));
    for mut row in others {
        let is_over = match row.kind {
            AssignmentKind::Assignment => relieved.contains(&row.officer),
            AssignmentKind::Offer => !waits_for_more,
        };
        if is_over {
            let added = row.advance(step_of_system(AssignmentState::Superseded, now))?;
            save(cx, tx, actor, task, row, added, now).await?;
        }
    }
    if !waits_for_more {
        deadlines::stop(tx, task.id).await?;
    }
    Ok(relieved)
}

/// Marks unanswered assignments and offers of a locked task as expired whose deadline has passed, or
/// those of `officer` regardless of it. Returns how many.
pub(crate) async fn expire(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    task: &Task,
    officer: Option<OfficerId>,
    reason: Option<&str>,
    now: Time,
) -> Result<usize> {
    let mut expired = 0;
    for mut row in tx.assignments().of_tasks(&[task.id]).await? {
        let is_due = match officer {
            Some(officer) => row.officer == officer,
            None => row.ack_due.is_some_and(|due| due <= now),
        };
        if is_due && row.state.is_unanswered() && row.state != AssignmentState::Expired {
            let step =
                AssignmentStep { reason: reason.map(str::to_owned), ..step_of_system(AssignmentState::Expired, now) };
            let added = row.advance(step)?;
            save(cx, tx, actor, task, row, added, now).await?;
            expired += 1;
        }
    }
    Ok(expired)
}

/// The step of a report by `actor`, for the officer whose user is `officer_user`.
pub(super) fn reported_step(
    actor: &Actor,
    officer_user: UserId,
    state: AssignmentState,
    channel: Channel,
    reason: Option<String>,
    now: Time,
) -> AssignmentStep {
    let on_behalf_of = (actor.acting_user() != Some(officer_user)).then_some(officer_user);
    let at = actor.fact_time(now);
    AssignmentStep { state, at, by: actor.acting_user(), on_behalf_of, channel, reason }
}
