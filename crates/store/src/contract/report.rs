//! What reports read, held against the tasks themselves.

use std::sync::Arc;

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::assignment::NewAssignment;
use domain::officer::Unit;
use domain::report::{Group, Milestone, Period, Reached, ResponseTargets, Roster, TaskFact, figures};
use domain::task::NewTask;
use domain::{
    Assignment, AssignmentKind, AssignmentState, AssignmentStep, Channel, Level, Officer, OfficerId, Point, Priority,
    Task, TaskId, TaskKind, TaskState, Time, User,
};

use super::given;
use crate::report::ReportFilter;
use crate::{Result, Store, Tx};

/// A number below `of` that looks like chance and is the same at each call.
fn chance(n: i64, salt: i64, of: i64) -> i64 {
    (((n + 1) * 7_919 + salt * 104_729).wrapping_mul(2_654_435_761) >> 9).rem_euclid(of)
}

fn one<T: Copy>(all: &[T], chance: i64) -> T {
    all[usize::try_from(chance).expect("not negative")]
}

/// Made at some minute, gone through some states at odd times, with some officers.
async fn a_task(store: &Arc<dyn Store>, n: i64, delegate: &User, officers: &[Officer]) -> Result<Task> {
    use TaskState::{Cancelled, Finished, InProgress, Paused};
    let ways: [&[TaskState]; 7] = [
        &[],
        &[InProgress],
        &[InProgress, Paused],
        &[Cancelled],
        &[InProgress, Finished],
        &[InProgress, Paused, InProgress, Finished],
        &[Finished],
    ];
    // Some are made at one moment, so that their order hangs on their number.
    let mut now = given::minutes(chance(n, 1, 300) * 10) + TimeDelta::microseconds(chance(n, 2, 3));
    let place = Point::new(-34.6, -58.0 - f64::from(u8::try_from(chance(n, 3, 9)).expect("small"))).ok();
    let new = NewTask {
        created_at: now,
        kind: one(TaskKind::ALL, chance(n, 4, 6)),
        priority: one(&Priority::ALL, chance(n, 5, 5)),
        location: place.filter(|_| chance(n, 6, 4) > 0),
        ..given::a_new_task(delegate)
    };
    let mut tx = store.write().await?;
    let mut task = tx.tasks().insert(&new).await?;
    for state in ways[usize::try_from(chance(n, 7, 7)).expect("not negative")] {
        now += TimeDelta::microseconds(1 + chance(n, 8, 5_000_000_000));
        task = task.transition(*state, now).expect("a legal change");
        task.version = tx.tasks().save(&task).await?;
    }
    // Only who is at nothing else may be sent to what is going on.
    if task.state != InProgress {
        for more in 0..chance(n, 9, 4) {
            let officer = &officers[usize::try_from(chance(n + more, 10, 5)).expect("not negative")];
            let known = tx.assignments().of_tasks(&[task.id]).await?;
            // Some rows have no steps, as those that are older than the lifecycle.
            if chance(n + more, 11, 5) > 0 && known.iter().all(|row| row.officer != officer.id) {
                take_steps(&mut *tx, n + more, task.id, officer.id, now).await?;
            }
            tx.tasks().assign(task.id, &[officer.id], Some(delegate.id), now + TimeDelta::seconds(more)).await?;
        }
    }
    tx.commit().await?;
    Ok(task)
}

/// Opens an assignment and takes some steps, each some time after the one before.
async fn take_steps(tx: &mut dyn Tx, n: i64, task: TaskId, officer: OfficerId, now: Time) -> Result<()> {
    use AssignmentState::{Accepted, Assigned, Cleared, Declined, EnRoute, Notified, OnScene};
    let ways: [&[AssignmentState]; 5] = [
        &[],
        &[Notified],
        &[Notified, Accepted, EnRoute, OnScene, Cleared],
        &[Notified, Declined],
        // Arriving implies that the officer accepted.
        &[OnScene, Cleared],
    ];
    let mut at = now + TimeDelta::seconds(chance(n, 12, 300));
    let step =
        |state, at| AssignmentStep { state, at, by: None, on_behalf_of: None, channel: Channel::System, reason: None };
    let kind = AssignmentKind::Assignment;
    let new = NewAssignment { task, officer, kind, runs_from: at, ack_due: None, first: step(Assigned, at) };
    let mut assignment = tx.assignments().insert(&new).await?;
    for state in ways[usize::try_from(chance(n, 13, 5)).expect("not negative")] {
        at += TimeDelta::microseconds(1 + chance(n, 14, 500_000_000));
        let added = assignment.advance(step(*state, at)).expect("a legal step");
        tx.assignments().save(&assignment, &added).await?;
    }
    Ok(())
}

/// All facts, read in parts that are smaller than what shares one moment.
async fn read(store: &Arc<dyn Store>, filter: &ReportFilter) -> Vec<TaskFact> {
    let mut all: Vec<TaskFact> = Vec::new();
    loop {
        let after = all.last().map(|last| (last.created_at, last.id));
        let mut tx = store.read().await.expect("a connection");
        let part = tx.reports().facts(filter, after, 3).await.expect("facts");
        if part.is_empty() {
            return all;
        }
        all.extend(part);
    }
}

/// The earliest time of each step among all assignments of a task.
fn first_times(assignments: &[Assignment], task: TaskId) -> Reached {
    let mut reached = Reached::default();
    for step in assignments.iter().filter(|row| row.task == task).flat_map(|row| &row.steps) {
        if let Some(milestone) = Milestone::ALL.iter().find(|milestone| milestone.state() == step.state) {
            reached.record(*milestone, step.at);
        }
    }
    reached
}

fn expected(task: &Task, reached: Reached) -> TaskFact {
    TaskFact {
        id: task.id,
        kind: task.kind,
        priority: task.priority,
        state: task.state,
        emergency: task.emergency,
        created_at: task.created_at,
        scheduled_start: task.scheduled_start,
        started_at: task.started_at,
        finished_at: task.finished_at,
        paused_total: task.paused_total,
        location: task.location,
        officers: task.officers.clone(),
        reached,
    }
}

/// Facts are the tasks that were made in the period, in their order, and what is reckoned of them is
/// what a slow hand reckons of the tasks.
pub async fn facts_are_those_of_the_tasks_of_the_period(store: &Arc<dyn Store>) {
    let delegate = given::a_user(store, Level::Supervisor).await;
    let mut officers = Vec::new();
    for _ in 0..5 {
        officers.push(given::an_officer(store).await);
    }
    let mut ids: Vec<TaskId> = Vec::new();
    for n in 0..120 {
        ids.push(a_task(store, n, &delegate, &officers).await.expect("a task").id);
    }
    let mut tx = store.write().await.expect("a transaction");
    let gone = tx.tasks().by_id(ids[7]).await.expect("an answer").expect("a task");
    tx.tasks().save(&Task { deleted_at: Some(given::noon()), ..gone }).await.expect("a deleted task");
    tx.commit().await.expect("a commit");

    let day = given::noon().date_naive();
    let period = Period::new(day, day + TimeDelta::days(1), Tz::America__Argentina__Buenos_Aires).expect("a period");
    let filter = ReportFilter { from: period.from(), until: period.until(), unit: None };
    let facts = read(store, &filter).await;
    let mut tx = store.read().await.expect("a connection");
    let mut tasks = Vec::new();
    for id in ids {
        tasks.extend(tx.tasks().by_id(id).await.expect("an answer"));
    }
    let made_then = |task: &Task| (filter.from..filter.until).contains(&task.created_at);
    tasks.retain(made_then);
    tasks.sort_by_key(|task| (task.created_at, task.id));
    assert!((30..119).contains(&tasks.len()), "some lie in the period and some do not: {}", tasks.len());
    assert_eq!(facts.len(), tasks.len());
    let numbers: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
    let assignments = tx.assignments().of_tasks(&numbers).await.expect("assignments");
    for (fact, task) in facts.iter().zip(&tasks) {
        assert_eq!(*fact, expected(task, first_times(&assignments, task.id)));
    }
    for milestone in Milestone::ALL {
        assert!(facts.iter().any(|fact| fact.reached.at(*milestone).is_some()), "no task is {milestone}");
        assert!(facts.iter().any(|fact| fact.reached.at(*milestone).is_none()), "all tasks are {milestone}");
    }
    let targets = ResponseTargets { assigned: TimeDelta::seconds(120), on_scene: TimeDelta::minutes(10) };
    by_hand(&figures(&period, &facts, &targets).all, &tasks);
}

/// Seconds of whole tasks, and the place of a quantile among them, reckoned otherwise.
fn by_hand(found: &Group, tasks: &[Task]) {
    let mut took: Vec<f64> = Vec::new();
    for task in tasks.iter().filter(|task| task.state == TaskState::Finished && task.started_at != task.finished_at) {
        took.push(task.duration_hours.expect("a finished task") * 3600.0);
    }
    took.sort_by(f64::total_cmp);
    assert_eq!((found.tally.tasks, found.resolution.count), (tasks.len() as u64, took.len()));
    let exceeded = |by: f64| took.iter().filter(|seconds| **seconds > by + 1e-3).count();
    assert!(exceeded(found.resolution.p50) <= took.len().div_ceil(2));
    assert!(exceeded(found.resolution.p90) <= took.len() / 10 + 1);
    assert!(found.resolution.p99 <= took.last().copied().unwrap_or_default() + 1e-3);
    #[expect(clippy::cast_precision_loss, reason = "some dozens")]
    let mean = took.iter().sum::<f64>() / took.len() as f64;
    assert!((found.resolution.mean - mean).abs() < 1e-3, "{} and {mean}", found.resolution.mean);
    for state in TaskState::ALL {
        let count = tasks.iter().filter(|task| task.state == *state).count() as u64;
        assert_eq!(found.tally.of(*state), count, "{state}");
    }
}

async fn an_officer_of(store: &Arc<dyn Store>, unit: &str) -> Officer {
    let officer = given::an_officer(store).await;
    let officer = Officer { unit: Unit::try_from(unit).ok(), ..officer };
    let mut tx = store.write().await.expect("a transaction");
    tx.officers().save(&officer).await.expect("a saved officer");
    tx.commit().await.expect("a commit");
    officer
}

/// To a unit belong the tasks to which one of its officers is sent, each once.
pub async fn facts_are_narrowed_to_a_unit(store: &Arc<dyn Store>) {
    let delegate = given::a_user(store, Level::Supervisor).await;
    let north = [an_officer_of(store, "Norte").await, an_officer_of(store, "Norte").await];
    let south = an_officer_of(store, "Sur").await;
    let crews: [&[OfficerId]; 4] = [&[north[0].id, north[1].id], &[south.id, north[0].id], &[south.id], &[]];
    let mut tasks = Vec::new();
    for crew in crews {
        let task = given::a_task(store, &delegate).await;
        let mut tx = store.write().await.expect("a transaction");
        tx.tasks().assign(task.id, crew, None, given::minutes(5)).await.expect("an assignment");
        tx.commit().await.expect("a commit");
        tasks.push(task.id);
    }
    for (unit, found) in [("Norte", &tasks[..2]), ("Sur", &tasks[1..3]), ("norte", &tasks[..2]), ("x' OR '1'='1", &[])]
    {
        let (from, until) = (given::noon(), given::minutes(1));
        let facts = read(store, &ReportFilter { from, until, unit: Some(unit.to_owned()) }).await;
        let ids: Vec<TaskId> = facts.iter().map(|fact| fact.id).collect();
        assert_eq!(ids, found, "{unit}");
        assert!(facts.iter().all(|fact| fact.reached == Reached::default()), "no step has a time");
    }
}

/// Whoever has left the office has still done the work.
pub async fn the_roster_keeps_those_who_left(store: &Arc<dyn Store>) {
    let (stays, leaves) = (an_officer_of(store, "Norte").await, given::an_officer(store).await);
    let mut tx = store.write().await.expect("a transaction");
    let gone = Officer { deleted_at: Some(given::minutes(1)), ..leaves.clone() };
    tx.officers().save(&gone).await.expect("a deleted officer");
    tx.commit().await.expect("a commit");
    let roster = store.read().await.expect("a connection").reports().roster().await.expect("a roster");
    let line = |officer: &Officer| Roster {
        id: officer.id,
        internal_code: officer.internal_code.clone(),
        given_name: officer.given_name.clone(),
        family_name: officer.family_name.clone(),
        unit: officer.unit.clone(),
    };
    assert_eq!(roster, [line(&stays), line(&leaves)]);
}
