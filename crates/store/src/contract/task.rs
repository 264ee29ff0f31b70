//! Tasks: what is written is what is read.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::task::{NewTask, Title};
use domain::{Level, Point, Priority, Task, TaskCode, TaskId, TaskKind, TaskState, Text, UserId};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::given;
use crate::task::TaskFilter;
use crate::{Error, Page, Result, Rule, Store};

async fn insert(store: &Arc<dyn Store>, new: &NewTask) -> Result<Task> {
    let mut tx = store.write().await?;
    let task = tx.tasks().insert(new).await?;
    tx.commit().await?;
    Ok(task)
}

async fn save(store: &Arc<dyn Store>, task: &Task) -> Result<i64> {
    let mut tx = store.write().await?;
    let version = tx.tasks().save(task).await?;
    tx.commit().await?;
    Ok(version)
}

async fn by_id(store: &Arc<dyn Store>, id: TaskId) -> Option<Task> {
    store.read().await.expect("a connection").tasks().by_id(id).await.expect("an answer")
}

/// What was made is found again, whole.
pub async fn a_task_is_found_by_number_and_code(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await;
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.tasks().by_id(task.id).await.expect("an answer").as_ref(), Some(&task));
    assert_eq!(tx.tasks().by_code(&task.code).await.expect("an answer").as_ref(), Some(&task));
    assert_eq!(tx.tasks().by_id(TaskId(9_999_999)).await.expect("an answer"), None);
    assert_eq!(tx.tasks().by_code(&TaskCode::stored("NADA".to_owned())).await.expect("an answer"), None);
}

/// All fields, letters of any kind and single microseconds come back as they went in.
pub async fn every_field_of_a_task_comes_back(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let creator = given::a_user(store, Level::Supervisor).await;
    let officers = [given::an_officer(store).await.id, given::an_officer(store).await.id];
    let micros = TimeDelta::microseconds;
    let new = NewTask {
        title: Title::try_from("Patrulla Ñandú — «Área 5» 🚓").expect("within length"),
        description: Text::try_from("línea 1\nlínea 2\t\"comillas\" 'y' \\ %_").ok(),
        kind: TaskKind::Surveillance,
        priority: Priority::Critical,
        scheduled_start: given::noon() + micros(1),
        scheduled_end: Some(given::minutes(60) + micros(2)),
        creator: creator.id,
        location: Point::new(-34.603_722_123_456_78, -58.381_592_987_654_32).ok(),
        location_description: Text::try_from("Obelisco, esquina ‘sur’").ok(),
        awaits_officer: true,
        extra: json!({"origen": "radio", "ñ": [1, 2.5, null, {"a": true}]}).as_object().cloned().expect("an object"),
        created_at: given::noon() + micros(654_321),
        ..given::a_new_task(&supervisor)
    };
    let made = insert(store, &new).await.expect("a new task");
    assert_eq!(made, new.clone().into_task(made.id));
    assert_eq!(by_id(store, made.id).await.as_ref(), Some(&made));
    let mut tx = store.write().await.expect("a transaction");
    // In no order, to be given back in that of their numbers.
    tx.tasks().assign(made.id, &[officers[1], officers[0]], None, given::noon()).await.expect("an assignment");
    tx.commit().await.expect("a commit");
    let begun = made.transition(TaskState::InProgress, given::minutes(1) + micros(9)).expect("a legal change");
    let paused = begun.transition(TaskState::Paused, given::minutes(2)).expect("a legal change");
    let mut changed = Task {
        code: TaskCode::stored("código viejo, de cincuenta".to_owned()),
        title: Title::try_from("x").expect("within length"),
        kind: TaskKind::Training,
        priority: Priority::Low,
        delegate: creator.id,
        creator: supervisor.id,
        location: Point::new(90.0, -180.0).ok(),
        paused_total: micros(86_400_000_123),
        notes: json!({"nota": "☂"}).as_object().cloned().expect("an object"),
        extra: domain::JsonObject::new(),
        ..paused
    };
    changed.version = save(store, &changed).await.expect("a saved task");
    changed.officers = officers.to_vec();
    assert_eq!(changed.version, 2);
    assert_eq!(by_id(store, changed.id).await.as_ref(), Some(&changed));
    let done = changed.transition(TaskState::Finished, given::minutes(9000)).expect("a legal change");
    let mut done = Task { location: None, description: None, location_description: None, scheduled_end: None, ..done };
    done.version = save(store, &done).await.expect("a saved task");
    assert!(done.duration_hours.is_some());
    assert_eq!(by_id(store, done.id).await.as_ref(), Some(&done));
}

/// Codes are unique, those of deleted tasks too; programmed and real spans go forwards; users exist.
pub async fn what_a_task_may_not_be_is_refused_by_name(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await;
    let gone = given::a_task(store, &supervisor).await;
    save(store, &Task { deleted_at: Some(given::noon()), ..gone.clone() }).await.expect("a deleted task");
    let new = || given::a_new_task(&supervisor);
    let refused = [
        (NewTask { code: task.code.clone(), ..new() }, Rule::TaskCode),
        (NewTask { code: gone.code, ..new() }, Rule::TaskCode),
        (NewTask { uuid: task.uuid, ..new() }, Rule::Uuid),
        (NewTask { scheduled_end: Some(given::noon()), ..new() }, Rule::TaskDates),
        (NewTask { delegate: UserId(9_999_999), ..new() }, Rule::UnknownUser),
        (NewTask { creator: UserId(9_999_999), ..new() }, Rule::UnknownUser),
    ];
    for (new, rule) in refused {
        assert_eq!(given::broken_rule(&insert(store, &new).await), Some(rule));
    }
    let other = given::a_task(store, &supervisor).await;
    let begun = Task { started_at: Some(given::minutes(5)), ..other.clone() };
    let refused = [
        (Task { code: task.code.clone(), ..other.clone() }, Rule::TaskCode),
        (Task { finished_at: Some(given::minutes(4)), ..begun.clone() }, Rule::TaskRealDates),
        (Task { finished_at: Some(given::minutes(4)), ..other.clone() }, Rule::TaskRealDates),
        (Task { delegate: UserId(9_999_999), ..other.clone() }, Rule::UnknownUser),
    ];
    for (changed, rule) in refused {
        assert_eq!(given::broken_rule(&save(store, &changed).await), Some(rule));
    }
    assert_eq!(by_id(store, other.id).await, Some(other), "a refused change changed something");
}

/// A transaction that is dropped, or whose future is, leaves nothing behind.
pub async fn what_is_not_committed_is_not_there(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let mut tx = store.write().await.expect("a transaction");
    let task = tx.tasks().insert(&given::a_new_task(&supervisor)).await.expect("a new task");
    assert_eq!(tx.tasks().by_id(task.id).await.expect("an answer").as_ref(), Some(&task), "one sees one's own");
    drop(tx);
    assert_eq!(by_id(store, task.id).await, None);
    // And the way is free for the next one.
    given::a_task(store, &supervisor).await;
}

/// Who read before another's change cannot write over it; nor over a deletion.
pub async fn a_task_that_changed_meanwhile_is_not_overwritten(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await;
    let first = Task { priority: Priority::Urgent, ..task.clone() };
    assert_eq!(save(store, &first).await.expect("a saved task"), 2);
    assert!(matches!(save(store, &Task { priority: Priority::Low, ..task.clone() }).await, Err(Error::Stale)));
    assert_eq!(by_id(store, task.id).await, Some(Task { version: 2, ..first }));
    let gone = Task { version: 2, deleted_at: Some(given::noon()), ..task.clone() };
    save(store, &gone).await.expect("a deleted task");
    assert!(matches!(save(store, &Task { version: 2, ..task.clone() }).await, Err(Error::Stale)));
    let nowhere = Task { id: TaskId(9_999_999), uuid: Uuid::from_u128(1), ..task };
    assert!(matches!(save(store, &nowhere).await, Err(Error::Stale)));
}

/// A deleted task is in no answer.
pub async fn a_deleted_task_is_invisible(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let new = NewTask { awaits_officer: true, ..given::a_new_task(&supervisor) };
    let task = insert(store, &new).await.expect("a new task");
    save(store, &Task { deleted_at: Some(given::noon()), ..task.clone() }).await.expect("a deleted task");
    let words = TaskFilter { search: Some(vec!["tarea".to_owned()]), ..TaskFilter::default() };
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.tasks().by_id(task.id).await.expect("an answer"), None);
    assert_eq!(tx.tasks().lock(task.id).await.expect("an answer"), None);
    assert_eq!(tx.tasks().by_code(&task.code).await.expect("an answer"), None);
    assert_eq!(tx.tasks().waiting(given::noon(), None, 10).await.expect("an answer"), []);
    assert_eq!(tx.tasks().try_lock(task.id).await.expect("an answer"), None);
    for filter in [TaskFilter::default(), words] {
        assert_eq!(tx.tasks().list(&filter, Page::first(10)).await.expect("an answer"), []);
        assert_eq!(tx.tasks().count(&filter).await.expect("an answer"), 0);
    }
}

/// Whoever locks a task sees what the one before wrote: fifty at once lose no change.
pub async fn editors_of_a_task_wait_for_each_other(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let id = given::a_task(store, &supervisor).await.id;
    let count = |_| async move {
        let mut tx = store.write().await?;
        let mut task = tx.tasks().lock(id).await?.expect("the task");
        let n = task.notes.get("n").and_then(serde_json::Value::as_i64).unwrap_or_default();
        task.notes.insert("n".to_owned(), json!(n + 1));
        tx.tasks().save(&task).await?;
        tx.commit().await
    };
    for outcome in join_all((0..50).map(count)).await {
        outcome.expect("a change");
    }
    let task = by_id(store, id).await.expect("the task");
    assert_eq!((&task.notes["n"], task.version), (&json!(50), 51));
}

/// Waiting emergencies are read in pages, the oldest first, without those whose turn comes later; of
/// two transactions that want one at the same time, one gets it.
pub async fn a_waiting_emergency_goes_to_one_of_two(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let waiting =
        |minute| NewTask { awaits_officer: true, created_at: given::minutes(minute), ..given::a_new_task(&supervisor) };
    let late = insert(store, &waiting(2)).await.expect("a new task");
    let early = insert(store, &waiting(1)).await.expect("a new task");
    given::a_task(store, &supervisor).await;
    let mut tx = store.write().await.expect("a transaction");
    let all = tx.tasks().waiting(given::minutes(5), None, 10).await.expect("an answer");
    assert_eq!(all.iter().map(|task| task.id).collect::<Vec<_>>(), [early.id, late.id]);
    let after = Some((early.created_at, early.id));
    let rest = tx.tasks().waiting(given::minutes(5), after, 10).await.expect("an answer");
    assert_eq!(rest.iter().map(|task| task.id).collect::<Vec<_>>(), [late.id]);
    drop(tx);
    let held = NewTask { dispatch_from: Some(given::minutes(9)), ..waiting(3) };
    let held = insert(store, &held).await.expect("a new task").id;
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.tasks().waiting(given::minutes(8), None, 10).await.expect("an answer").len(), 2);
    let last = tx.tasks().waiting(given::minutes(9), None, 10).await.expect("an answer").pop();
    assert_eq!(last.map(|task| task.id), Some(held));
    drop(tx);
    let take = |_| async {
        let mut tx = store.write().await?;
        let mut free = None;
        for id in [early.id, late.id] {
            free = tx.tasks().try_lock(id).await?.filter(|task| task.awaits_officer);
            if free.is_some() {
                break;
            }
        }
        let Some(task) = free else { return Ok(None) };
        let id = task.id;
        tx.tasks().save(&Task { awaits_officer: false, ..task }).await?;
        tx.commit().await?;
        Ok::<_, Error>(Some(id))
    };
    let mut taken = Vec::new();
    for outcome in join_all((0..2).map(take)).await {
        taken.extend(outcome.expect("an answer"));
    }
    taken.sort();
    taken.dedup();
    // Each took another one, or the first was done before the second asked; never the same.
    assert_eq!(taken, [late.id.min(early.id), late.id.max(early.id)]);
}
