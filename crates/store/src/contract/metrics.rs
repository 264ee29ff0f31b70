//! Figures over the tasks of one kind and priority.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::metrics::TaskMetrics;
use domain::task::NewTask;
use domain::{Level, Priority, Task, TaskKind, TaskState, Time, User};

use super::given;
use crate::Store;

/// Makes a task of a kind that begins at noon and goes to `state` at `end`.
async fn ended(store: &Arc<dyn Store>, delegate: &User, kind: TaskKind, state: TaskState, end: Time) -> Task {
    let mut tx = store.write().await.expect("a transaction");
    let new = NewTask { kind, priority: Priority::High, ..given::a_new_task(delegate) };
    let mut task = tx.tasks().insert(&new).await.expect("a new task");
    for (to, at) in [(TaskState::InProgress, given::noon()), (state, end)] {
        task = task.transition(to, at).expect("a legal change");
        task.version = tx.tasks().save(&task).await.expect("a saved task");
    }
    tx.commit().await.expect("a commit");
    task
}

fn row(kind: TaskKind, at: Time) -> TaskMetrics {
    TaskMetrics::of(kind, Priority::High, vec![0.5, 1.0 / 3.0, 2.0], 1, at)
}

async fn put(store: &Arc<dyn Store>, row: &TaskMetrics) {
    let mut tx = store.write().await.expect("a transaction");
    tx.metrics().put(row).await.expect("a row");
    tx.commit().await.expect("a commit");
}

async fn outdated(store: &Arc<dyn Store>, overlap: TimeDelta) -> Vec<(TaskKind, Priority)> {
    store.read().await.expect("a connection").metrics().outdated(overlap).await.expect("an answer")
}

/// Every figure comes back, the second row of a pair replaces the first, and all are in order.
pub async fn metrics_come_back_and_are_replaced(store: &Arc<dyn Store>) {
    let none = TaskMetrics::of(TaskKind::Training, Priority::Low, Vec::new(), 0, given::noon());
    put(store, &row(TaskKind::Patrol, given::noon())).await;
    put(store, &none).await;
    let newer = TaskMetrics::of(TaskKind::Patrol, Priority::High, vec![1.25], 0, given::minutes(1));
    put(store, &newer).await;
    let mut all = store.read().await.expect("a connection").metrics().all().await.expect("an answer");
    assert!(all.is_sorted_by_key(|row| (row.kind.as_str(), row.priority)), "by kind, as a word, and priority");
    all.sort_by_key(|row| row.priority);
    assert_eq!(all, [none, newer]);
}

/// Hours of the finished, number of the cancelled; deleted and running ones left out.
pub async fn durations_are_of_finished_tasks(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let kind = TaskKind::Intervention;
    ended(store, &supervisor, kind, TaskState::Finished, given::minutes(30)).await;
    ended(store, &supervisor, kind, TaskState::Finished, given::minutes(90)).await;
    ended(store, &supervisor, kind, TaskState::Cancelled, given::minutes(60)).await;
    ended(store, &supervisor, kind, TaskState::Paused, given::minutes(60)).await;
    ended(store, &supervisor, TaskKind::Patrol, TaskState::Finished, given::minutes(60)).await;
    let gone = ended(store, &supervisor, kind, TaskState::Finished, given::minutes(600)).await;
    let mut tx = store.write().await.expect("a transaction");
    tx.tasks().save(&Task { deleted_at: Some(given::minutes(601)), ..gone }).await.expect("a deleted task");
    let (mut hours, cancelled) = tx.metrics().durations(kind, Priority::High).await.expect("an answer");
    hours.sort_by(f64::total_cmp);
    assert_eq!((hours, cancelled), (vec![0.5, 1.5], 1));
    let nothing = tx.metrics().durations(kind, Priority::Low).await.expect("an answer");
    assert_eq!(nothing, (Vec::new(), 0));
}

/// A pair is outdated when it has no row, or when a task ended after its row less the overlap.
pub async fn metrics_are_outdated_when_a_task_ends(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let none = TimeDelta::zero();
    ended(store, &supervisor, TaskKind::Patrol, TaskState::Paused, given::minutes(10)).await;
    assert_eq!(outdated(store, none).await, [], "no task of these has ended");
    ended(store, &supervisor, TaskKind::Patrol, TaskState::Finished, given::minutes(10)).await;
    let patrol = (TaskKind::Patrol, Priority::High);
    assert_eq!(outdated(store, none).await, [patrol], "there is no row");
    put(store, &row(TaskKind::Patrol, given::minutes(11))).await;
    assert_eq!(outdated(store, none).await, [], "the row is newer");
    assert_eq!(outdated(store, TimeDelta::minutes(2)).await, [patrol], "the row is newer by less than the overlap");
    ended(store, &supervisor, TaskKind::Patrol, TaskState::Cancelled, given::minutes(12)).await;
    assert_eq!(outdated(store, none).await, [patrol], "one was called off since");
    put(store, &row(TaskKind::Patrol, given::minutes(13))).await;
    // One that was called off before it began has no end; what counts is when.
    let never = given::a_task(store, &supervisor).await;
    let mut tx = store.write().await.expect("a transaction");
    let cancelled = never.transition(TaskState::Cancelled, given::minutes(20)).expect("a legal change");
    tx.tasks().save(&cancelled).await.expect("a saved task");
    tx.commit().await.expect("a commit");
    assert_eq!(outdated(store, none).await, [(TaskKind::Patrol, Priority::Medium)]);
}
