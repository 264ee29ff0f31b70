//! The states that tasks went through.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::history::HistoryEntry;
use domain::{Level, TaskId, TaskState, UserId};

use super::given;
use crate::Store;

/// Oldest first, each as it was written, those of other tasks left out.
pub async fn history_comes_back_in_order(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await;
    let other = given::a_task(store, &supervisor).await;
    let made = HistoryEntry {
        task: task.id,
        from: None,
        to: TaskState::Scheduled,
        by: Some(supervisor.id),
        on_behalf_of: Some(UserId(77)),
        reason: None,
        at: given::noon() + TimeDelta::microseconds(3),
    };
    let begun = HistoryEntry {
        from: Some(TaskState::Scheduled),
        to: TaskState::InProgress,
        by: None,
        reason: Some("Señal: «¡ya!»".to_owned()),
        // Times do not order them: a clock may go back.
        at: given::minutes(-1),
        ..made.clone()
    };
    let elsewhere = HistoryEntry { task: other.id, ..made.clone() };
    let mut tx = store.write().await.expect("a transaction");
    for entry in [&made, &elsewhere, &begun] {
        tx.history().push(entry).await.expect("an entry");
    }
    tx.commit().await.expect("a commit");
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.history().of_task(task.id).await.expect("an answer"), [made, begun]);
    assert_eq!(tx.history().of_task(other.id).await.expect("an answer"), [elsewhere]);
    assert_eq!(tx.history().of_task(TaskId(9_999_999)).await.expect("an answer"), []);
}

/// History is of a task that exists, by a user who exists.
pub async fn history_of_nothing_is_refused(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await;
    let entry = HistoryEntry {
        task: task.id,
        from: None,
        to: TaskState::Scheduled,
        by: None,
        on_behalf_of: None,
        reason: None,
        at: given::noon(),
    };
    let unknown_task = HistoryEntry { task: TaskId(9_999_999), ..entry.clone() };
    let mut tx = store.write().await.expect("a transaction");
    assert!(tx.history().push(&unknown_task).await.is_err());
    drop(tx);
    let unknown_user = HistoryEntry { by: Some(UserId(9_999_999)), ..entry };
    let mut tx = store.write().await.expect("a transaction");
    assert!(tx.history().push(&unknown_user).await.is_err());
}
