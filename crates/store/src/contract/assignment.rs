//! Who is sent to a task, and that nobody is sent to two at once.

use std::sync::Arc;

use domain::{Level, OfficerId, Task, TaskId, TaskState, UserId};
use futures::future::join_all;

use super::given;
use crate::{Result, Rule, Store};

async fn assign(store: &Arc<dyn Store>, task: TaskId, officers: &[OfficerId]) -> Result<()> {
    let mut tx = store.write().await?;
    tx.tasks().assign(task, officers, None, given::noon()).await?;
    tx.commit().await
}

async fn officers_of(store: &Arc<dyn Store>, task: TaskId) -> Vec<OfficerId> {
    let mut tx = store.read().await.expect("a connection");
    tx.tasks().by_id(task).await.expect("an answer").expect("the task").officers
}

/// Brings a task, as it stands, to `to`; gives it as it stands then.
async fn step(store: &Arc<dyn Store>, task: TaskId, to: TaskState) -> Result<Task> {
    let mut tx = store.write().await?;
    let task = tx.tasks().lock(task).await?.expect("the task");
    let now = task.updated_at;
    let mut task = task.transition(to, now).expect("a legal change");
    task.version = tx.tasks().save(&task).await?;
    tx.commit().await?;
    Ok(task)
}

/// Sent once or twice is the same, and so is taken off; the task's version stays.
pub async fn officers_are_sent_and_taken_off(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await;
    let (a, b) = (given::an_officer(store).await.id, given::an_officer(store).await.id);
    assign(store, task.id, &[b]).await.expect("an assignment");
    assign(store, task.id, &[b, a, b]).await.expect("the same, and one more");
    assign(store, task.id, &[]).await.expect("nothing to do");
    assert_eq!(officers_of(store, task.id).await, [a, b]);
    let mut tx = store.write().await.expect("a transaction");
    let by = Some(supervisor.id);
    tx.tasks().assign(task.id, &[a], by, given::minutes(1)).await.expect("the same by somebody");
    tx.tasks().unassign(task.id, &[b, OfficerId(9_999_999)]).await.expect("one less");
    tx.tasks().unassign(task.id, &[b]).await.expect("nothing to do");
    assert_eq!(tx.tasks().by_id(task.id).await.expect("an answer").expect("the task").version, 1);
    tx.commit().await.expect("a commit");
    assert_eq!(officers_of(store, task.id).await, [a]);
}

/// Task, officer and who sends exist; with one of them missing nobody is sent.
pub async fn only_those_who_exist_are_sent(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await;
    let officer = given::an_officer(store).await.id;
    let outcome = assign(store, task.id, &[officer, OfficerId(9_999_999)]).await;
    assert_eq!(given::broken_rule(&outcome), Some(Rule::UnknownOfficer));
    let outcome = assign(store, TaskId(9_999_999), &[officer]).await;
    assert_eq!(given::broken_rule(&outcome), Some(Rule::UnknownTask));
    let mut tx = store.write().await.expect("a transaction");
    let outcome = tx.tasks().assign(task.id, &[officer], Some(UserId(9_999_999)), given::noon()).await;
    assert!(outcome.is_err());
    drop(tx);
    assert_eq!(officers_of(store, task.id).await, []);
}

/// Twenty begin at the same time with the same officer: one does.
pub async fn an_officer_holds_one_active_task(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let officer = given::an_officer(store).await.id;
    let mut tasks = Vec::new();
    for _ in 0..20 {
        let task = given::a_task(store, &supervisor).await.id;
        assign(store, task, &[officer]).await.expect("programmed tasks hold nobody");
        tasks.push(task);
    }
    let outcomes = join_all(tasks.iter().map(|task| step(store, *task, TaskState::InProgress))).await;
    let refused = outcomes.iter().filter(|outcome| given::broken_rule(outcome) == Some(Rule::OneActiveTask));
    assert_eq!(refused.count(), 19);
}

/// Only a task in course holds its officers; a pause, an end or a deletion lets go of them.
pub async fn a_task_in_course_holds_its_officers(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let officer = given::an_officer(store).await.id;
    let (a, b) = (given::a_task(store, &supervisor).await.id, given::a_task(store, &supervisor).await.id);
    assign(store, a, &[officer]).await.expect("an assignment");
    step(store, a, TaskState::InProgress).await.expect("begun");
    assign(store, b, &[officer]).await.expect("a programmed task holds nobody");
    let held = Some(Rule::OneActiveTask);
    assert_eq!(given::broken_rule(&step(store, b, TaskState::InProgress).await), held);
    step(store, a, TaskState::Paused).await.expect("paused");
    step(store, b, TaskState::InProgress).await.expect("the pause let go");
    assert_eq!(given::broken_rule(&step(store, a, TaskState::InProgress).await), held, "taken up by the other");
    step(store, b, TaskState::Finished).await.expect("finished");
    let begun = step(store, a, TaskState::InProgress).await.expect("the end let go");
    let c = given::a_task(store, &supervisor).await.id;
    step(store, c, TaskState::InProgress).await.expect("begun without officers");
    assert_eq!(given::broken_rule(&assign(store, c, &[officer]).await), held, "sent to a begun task");
    assert_eq!(officers_of(store, c).await, []);
    let mut tx = store.write().await.expect("a transaction");
    let version = tx.tasks().save(&Task { deleted_at: Some(given::noon()), ..begun.clone() }).await.expect("deleted");
    tx.commit().await.expect("a commit");
    assign(store, c, &[officer]).await.expect("the deletion let go");
    let mut tx = store.write().await.expect("a transaction");
    let restored = tx.tasks().save(&Task { deleted_at: None, version, ..begun }).await;
    assert_eq!(given::broken_rule(&restored), held, "undone while the officer is elsewhere");
}

/// Taken off a begun task is free for another.
pub async fn an_officer_taken_off_is_free(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let officer = given::an_officer(store).await.id;
    let (a, b) = (given::a_task(store, &supervisor).await.id, given::a_task(store, &supervisor).await.id);
    assign(store, a, &[officer]).await.expect("an assignment");
    step(store, a, TaskState::InProgress).await.expect("begun");
    step(store, b, TaskState::InProgress).await.expect("begun");
    let mut tx = store.write().await.expect("a transaction");
    tx.tasks().unassign(a, &[officer]).await.expect("taken off");
    tx.tasks().assign(b, &[officer], None, given::noon()).await.expect("sent elsewhere");
    tx.commit().await.expect("a commit");
    assert_eq!(officers_of(store, b).await, [officer]);
}
