//! Who may be sent to which task: the one place where the criteria of a dispatch come from.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::dispatch::{Criteria, Exclusion};
use domain::{Assignment, AssignmentState, Availability, Officer, OfficerId, Point, Task, TaskCode, Time};
use store::Tx;

use crate::{Context, Error, FieldProblem, Result};

/// A task that begins within this time needs officers who are on duty now.
const BEGINS_SOON: TimeDelta = TimeDelta::hours(1);

/// Criteria of the office around a point, without those of one task.
pub(super) fn criteria_around(cx: &Context, point: Point) -> Criteria {
    let settings = &cx.settings.dispatch;
    Criteria {
        max_accuracy_m: settings.max_accuracy_m,
        on_screen: BTreeSet::clone(&cx.screens.users()),
        ..Criteria::around(point, settings.radius_m, settings.max_position_age)
    }
}

/// Criteria for a task at `point`.
pub(super) async fn criteria_for(cx: &Context, tx: &mut dyn Tx, task: &Task, point: Point) -> Result<Criteria> {
    let mut criteria = criteria_around(cx, point);
    criteria.barred = barred(cx, tx, task).await?;
    Ok(criteria)
}

/// Officers who must not be chosen for a task by the server, each with the reason.
pub(super) async fn barred(cx: &Context, tx: &mut dyn Tx, task: &Task) -> Result<BTreeMap<OfficerId, Exclusion>> {
    let mut barred = BTreeMap::new();
    for row in tx.assignments().of_tasks(&[task.id]).await? {
        if let Some(reason) = bar(&row) {
            barred.insert(row.officer, reason);
        }
    }
    for officer in &task.officers {
        barred.entry(*officer).or_insert(Exclusion::AlreadySent);
    }
    if task.emergency
        && !cx.settings.dispatch.caller_may_be_sent
        && let Some(caller) = tx.officers().by_user(task.creator).await?
    {
        barred.insert(caller.id, Exclusion::Caller);
    }
    Ok(barred)
}

/// The same for one officer, from assignments of the task that were read before.
pub(super) fn bar_of(cx: &Context, task: &Task, rows: &[Assignment], officer: &Officer) -> Option<Exclusion> {
    if task.emergency && !cx.settings.dispatch.caller_may_be_sent && task.creator == officer.user {
        return Some(Exclusion::Caller);
    }
    let mut own = rows.iter().rev().filter(|row| row.task == task.id && row.officer == officer.id);
    own.find_map(bar).or_else(|| task.officers.contains(&officer.id).then_some(Exclusion::AlreadySent))
}

/// Why what an officer did with a task keeps the officer from it.
fn bar(row: &Assignment) -> Option<Exclusion> {
    let was_taken_off = row.steps.last().is_some_and(|last| last.by.is_some());
    match row.state {
        AssignmentState::Declined => Some(Exclusion::Declined),
        AssignmentState::Cleared => was_taken_off.then_some(Exclusion::TakenOff),
        _ if row.reached_at(AssignmentState::Expired).is_some() && !row.state.is_accepted() => {
            Some(Exclusion::LetExpire)
        }
        AssignmentState::Superseded => was_taken_off.then_some(Exclusion::TakenOff),
        _ => Some(Exclusion::AlreadySent),
    }
}

/// Holds officers whom a supervisor chose by hand against the rules that do not depend on a place.
/// With `force` only an inactive account stays in the way.
///
/// # Errors
/// `Invalid` that names each officer and the reason.
pub(crate) async fn check_chosen(
    tx: &mut dyn Tx,
    task: &Task,
    officers: &[Officer],
    force: bool,
    now: Time,
) -> Result<Vec<(OfficerId, Exclusion)>> {
    let rows = tx.assignments().of_tasks(&[task.id]).await?;
    let is_now = task.emergency || task.state.holds_officers() || task.scheduled_start <= now + BEGINS_SOON;
    let mut problems = Vec::new();
    let mut forced = Vec::new();
    for officer in officers {
        let is_active = tx.users().by_id(officer.user).await?.is_some_and(|user| user.is_active());
        let refused = rows.iter().rev().find(|row| row.officer == officer.id).and_then(bar);
        let reason = match officer.availability {
            _ if !is_active => Some(Exclusion::InactiveAccount),
            _ if matches!(refused, Some(Exclusion::Declined | Exclusion::LetExpire)) => refused,
            Availability::OutOfService if is_now => Some(Exclusion::OutOfService),
            Availability::Unavailable if is_now => Some(Exclusion::Unavailable),
            // That an officer holds one active task is a constraint of the database.
            _ => None,
        };
        let Some(reason) = reason else { continue };
        if force && reason != Exclusion::InactiveAccount {
            forced.push((officer.id, reason));
            continue;
        }
        let way_out = if reason == Exclusion::InactiveAccount { "" } else { "; send forzar: true to assign anyway" };
        problems.push(FieldProblem {
            field: "efectivos_asignados".to_owned(),
            code: "not_eligible",
            message: format!("officer {} cannot be sent: {reason}{way_out}", officer.id),
        });
    }
    if problems.is_empty() { Ok(forced) } else { Err(Error::Invalid(problems)) }
}

/// Codes of the begun tasks that hold an officer.
pub(crate) async fn active_tasks_of(tx: &mut dyn Tx, officer: OfficerId) -> Result<Vec<TaskCode>> {
    let mut codes = Vec::new();
    for row in tx.assignments().open_of_officer(officer).await? {
        if !row.holds_officer() {
            continue;
        }
        if let Some(task) = tx.tasks().by_id(row.task).await?
            && task.state == domain::TaskState::InProgress
            && task.officers.contains(&officer)
        {
            codes.push(task.code);
        }
    }
    Ok(codes)
}
