//! Assignments and offers with their steps, the state of dispatches, and the rule that no emergency is
//! without an officer outside of the queue.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::assignment::{Assignment, AssignmentKind, AssignmentState, AssignmentStep, Channel, NewAssignment};
use domain::dispatch::{DecisionTrigger, DispatchDecision, DispatchState, JudgedOfficer, LastChoice};
use domain::task::NewTask;
use domain::{AssignmentId, Level, OfficerId, Task, TaskId, TaskState, Time, User, UserId};

use super::given;
use crate::{Result, Rule, Store};

fn step(state: AssignmentState, at: Time, by: Option<UserId>) -> AssignmentStep {
    let reason = by.map(|_| "Motivo".to_owned());
    AssignmentStep { state, at, by, on_behalf_of: by, channel: Channel::Voice, reason }
}

async fn open(store: &Arc<dyn Store>, task: TaskId, officer: OfficerId, from: Time) -> Result<Assignment> {
    let new = NewAssignment {
        task,
        officer,
        kind: AssignmentKind::Assignment,
        runs_from: from,
        ack_due: Some(from + TimeDelta::minutes(1)),
        first: step(AssignmentState::Assigned, given::noon(), None),
    };
    let mut tx = store.write().await?;
    let assignment = tx.assignments().insert(&new).await?;
    tx.commit().await?;
    Ok(assignment)
}

async fn an_emergency(store: &Arc<dyn Store>, by: &User) -> Task {
    let new = NewTask { emergency: true, awaits_officer: true, ..given::a_new_task(by) };
    let mut tx = store.write().await.expect("a transaction");
    let task = tx.tasks().insert(&new).await.expect("a new task");
    tx.commit().await.expect("a commit");
    task
}

/// An offer of a task to an officer that runs from some time.
pub(super) async fn offer(store: &Arc<dyn Store>, task: TaskId, officer: OfficerId, runs_from: Time) {
    let new = NewAssignment {
        task,
        officer,
        kind: AssignmentKind::Offer,
        runs_from,
        ack_due: None,
        first: step(AssignmentState::Offered, given::noon(), None),
    };
    let mut tx = store.write().await.expect("a transaction");
    tx.assignments().insert(&new).await.expect("an offer");
    tx.commit().await.expect("a commit");
}

/// An assignment and its steps come back as they were written, in order.
pub async fn an_assignment_comes_back_with_its_steps(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await.id;
    let officer = given::an_officer(store).await.id;
    let mut assignment = open(store, task, officer, given::noon()).await.expect("an assignment");
    let mut tx = store.write().await.expect("a transaction");
    for (minute, state) in [(1, AssignmentState::Notified), (2, AssignmentState::Accepted)] {
        let added = assignment.advance(step(state, given::minutes(minute), Some(supervisor.id))).expect("a step");
        tx.assignments().save(&assignment, &added).await.expect("saved");
    }
    tx.commit().await.expect("a commit");
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.assignments().by_id(assignment.id).await.expect("an answer"), Some(assignment.clone()));
    assert_eq!(tx.assignments().of_tasks(&[task]).await.expect("an answer"), [assignment.clone()]);
    assert_eq!(tx.assignments().open_of_officer(officer).await.expect("an answer"), [assignment]);
    assert_eq!(tx.assignments().by_id(AssignmentId(9_999_999)).await.expect("an answer"), None);
}

/// An officer has one open assignment or offer of a task; after its end, another one.
pub async fn an_officer_has_one_open_assignment_of_a_task(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await.id;
    let officer = given::an_officer(store).await.id;
    let mut first = open(store, task, officer, given::noon()).await.expect("an assignment");
    let second = open(store, task, officer, given::noon()).await;
    assert_eq!(given::broken_rule(&second), Some(Rule::OneOpenAssignment));
    let added = first.advance(step(AssignmentState::Declined, given::minutes(1), None)).expect("a step");
    let mut tx = store.write().await.expect("a transaction");
    tx.assignments().save(&first, &added).await.expect("saved");
    tx.commit().await.expect("a commit");
    open(store, task, officer, given::noon()).await.expect("another one");
}

/// Unanswered assignments come in pages, the longest running first, without those that run later and
/// those of tasks that have ended.
pub async fn unanswered_assignments_come_in_pages(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let mut expected = Vec::new();
    for minute in [3, 1, 2, 90] {
        let task = given::a_task(store, &supervisor).await.id;
        let officer = given::an_officer(store).await.id;
        let one = open(store, task, officer, given::minutes(minute)).await.expect("an assignment");
        expected.push((minute, one.id));
    }
    let ended = given::a_task(store, &supervisor).await;
    let officer = given::an_officer(store).await.id;
    open(store, ended.id, officer, given::noon()).await.expect("an assignment");
    let mut tx = store.write().await.expect("a transaction");
    let ended = ended.transition(TaskState::Cancelled, given::minutes(1)).expect("a legal change");
    tx.tasks().save(&ended).await.expect("saved");
    tx.commit().await.expect("a commit");
    expected.retain(|(minute, _)| *minute < 90);
    expected.sort_unstable();
    let mut tx = store.read().await.expect("a connection");
    let mut after = None;
    let mut read = Vec::new();
    loop {
        let page = tx.assignments().unanswered(given::minutes(60), after, 2).await.expect("an answer");
        let Some(last) = page.last() else { break };
        after = last.runs_from.map(|from| (from, last.id));
        read.extend(page.iter().map(|one| one.id));
    }
    assert_eq!(read, expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
}

/// Open assignments of officers who left, or whose account is not active, are found.
pub async fn assignments_of_departed_officers_are_found(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await.id;
    let (stays, gone, disabled) =
        (given::an_officer(store).await, given::an_officer(store).await, given::an_officer(store).await);
    let mut expected = Vec::new();
    for officer in [&stays, &gone, &disabled] {
        let one = open(store, task, officer.id, given::noon()).await.expect("an assignment");
        expected.push(one.id);
    }
    let mut tx = store.write().await.expect("a transaction");
    let mut officer = tx.officers().lock(&[gone.id]).await.expect("an answer").pop().expect("the officer");
    officer.deleted_at = Some(given::noon());
    tx.officers().save(&officer).await.expect("saved");
    let mut user = tx.users().lock(disabled.user).await.expect("an answer").expect("the user");
    user.verified = false;
    tx.users().save(&user).await.expect("saved");
    tx.commit().await.expect("a commit");
    let found = store.read().await.expect("a connection").assignments().of_departed(10).await.expect("an answer");
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), expected[1..]);
}

/// A step of a round is taken once.
pub async fn an_escalation_step_is_taken_once(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let task = given::a_task(store, &supervisor).await.id;
    for (round, step, is_new) in [(1, 1, true), (1, 2, true), (1, 1, false), (2, 1, true)] {
        let mut tx = store.write().await.expect("a transaction");
        let taken = tx.dispatch().take_step(task, round, step, given::noon()).await;
        let expected = if is_new { None } else { Some(Rule::EscalationStep) };
        assert_eq!(given::broken_rule(&taken), expected, "{round} {step}");
        if is_new {
            tx.commit().await.expect("a commit");
        }
    }
}

/// The state of a dispatch and its decisions come back; what is due is found, the longest due first.
pub async fn dispatches_that_are_due_are_found(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let mut tasks = Vec::new();
    for minute in [Some(2), Some(1), None, Some(9)] {
        let task = given::a_task(store, &supervisor).await.id;
        let state = DispatchState {
            round: 1,
            step: 2,
            due_at: minute.map(given::minutes),
            taken_by: Some(supervisor.id),
            taken_at: Some(given::noon()),
            joined_calls: 3,
            ..DispatchState::new(task, given::noon())
        };
        let mut tx = store.write().await.expect("a transaction");
        tx.dispatch().put_state(&DispatchState::new(task, given::noon())).await.expect("written");
        tx.dispatch().put_state(&state).await.expect("written again");
        assert_eq!(tx.dispatch().state(task).await.expect("an answer"), Some(state));
        tx.commit().await.expect("a commit");
        tasks.push(task);
    }
    let decision = DispatchDecision {
        task: tasks[0],
        at: given::noon(),
        by: Some(supervisor.id),
        trigger: DecisionTrigger::Manual,
        chosen: vec![OfficerId(7)],
        forced: true,
        judged: vec![JudgedOfficer {
            officer: OfficerId(7),
            distance_m: 12.5,
            minutes: 0.25,
            position_age_s: 3,
            exclusion: None,
            last_choice: vec![LastChoice::Unreachable],
        }],
    };
    let mut tx = store.write().await.expect("a transaction");
    tx.dispatch().push_decision(&decision).await.expect("written");
    assert_eq!(tx.dispatch().decisions(tasks[0]).await.expect("an answer"), [decision]);
    assert_eq!(tx.dispatch().due(given::minutes(5), 10).await.expect("an answer"), [tasks[1], tasks[0]]);
    assert_eq!(tx.dispatch().due(given::minutes(5), 1).await.expect("an answer"), [tasks[1]]);
}

/// Whatever takes the last officer off an emergency puts it into the queue, and nothing takes it out of
/// the queue without an officer.
pub async fn an_emergency_has_an_officer_or_waits(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let officer = given::an_officer(store).await.id;
    let task = an_emergency(store, &supervisor).await;
    let mut tx = store.write().await.expect("a transaction");
    let outcome = tx.tasks().save(&Task { awaits_officer: false, ..task.clone() }).await;
    assert_eq!(given::broken_rule(&outcome), Some(Rule::EmergencyAttended));
    drop(tx);
    let mut tx = store.write().await.expect("a transaction");
    tx.tasks().assign(task.id, &[officer], None, given::noon()).await.expect("an assignment");
    tx.tasks().save(&Task { awaits_officer: false, ..task.clone() }).await.expect("saved");
    tx.commit().await.expect("a commit");
    let mut tx = store.write().await.expect("a transaction");
    tx.tasks().unassign(task.id, &[officer]).await.expect("taken off");
    let waiting = tx.tasks().by_id(task.id).await.expect("an answer").expect("the task");
    assert!(waiting.awaits_officer, "it waits again by itself");
    assert_eq!(tx.dispatch().unattended(10).await.expect("an answer"), []);
    assert_eq!(tx.dispatch().waiting_since().await.expect("an answer"), (Some(task.created_at), 1));
    let ended = waiting.transition(TaskState::Cancelled, given::minutes(1)).expect("a legal change");
    tx.tasks().save(&ended).await.expect("an ended one waits for no officer");
    tx.commit().await.expect("a commit");
}

/// When the calls of a user were or may be dispatched is known, the latest first.
pub async fn the_dispatch_times_of_a_caller_are_known(store: &Arc<dyn Store>) {
    let caller = given::a_user(store, Level::Officer).await;
    for (made, from) in [(0, None), (5, None), (6, Some(7)), (6, Some(30))] {
        let new = NewTask {
            emergency: true,
            awaits_officer: true,
            created_at: given::minutes(made),
            dispatch_from: from.map(given::minutes),
            ..given::a_new_task(&caller)
        };
        let mut tx = store.write().await.expect("a transaction");
        tx.tasks().insert(&new).await.expect("a new task");
        tx.commit().await.expect("a commit");
    }
    let mut tx = store.read().await.expect("a connection");
    let slots = tx.dispatch().slots_of_caller(caller.id, given::minutes(4), 10).await.expect("an answer");
    assert_eq!(slots, [30, 7, 5].map(given::minutes));
    let open = tx.tasks().emergencies_of(caller.id, given::minutes(5), 10).await.expect("an answer");
    assert_eq!(open.len(), 3);
}
