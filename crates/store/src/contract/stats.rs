//! Counts for people and screens.

use std::sync::Arc;

use domain::task::NewTask;
use domain::{Availability, Level, Officer, Task, TaskState, User};

use super::given;
use crate::stats::{Overview, UserStats};
use crate::{Result, Store};

async fn a_task_that_went(store: &Arc<dyn Store>, delegate: &User, made_at: i64, states: &[TaskState]) -> Result<Task> {
    let mut tx = store.write().await?;
    let new = NewTask { created_at: given::minutes(made_at), ..given::a_new_task(delegate) };
    let mut task = tx.tasks().insert(&new).await?;
    for (index, state) in states.iter().enumerate() {
        let at = given::minutes(made_at + 60 * i64::try_from(index).expect("few"));
        task = task.transition(*state, at).expect("a legal change");
        task.version = tx.tasks().save(&task).await?;
    }
    tx.commit().await?;
    Ok(task)
}

/// By state, of one delegate, since some time; the mean is of the finished ones.
pub async fn tasks_of_a_delegate_are_counted(store: &Arc<dyn Store>) {
    use TaskState::{Cancelled, Finished, InProgress, Paused};
    let (delegate, other) =
        (given::a_user(store, Level::Supervisor).await, given::a_user(store, Level::Supervisor).await);
    let nothing = {
        let mut tx = store.read().await.expect("a connection");
        tx.stats().of_user(delegate.id, given::noon()).await.expect("an answer")
    };
    assert_eq!(nothing, UserStats::default());
    for (made_at, states) in [
        (0, &[][..]),
        (0, &[InProgress]),
        (0, &[InProgress, Paused]),
        (0, &[Cancelled]),
        (0, &[InProgress, Finished]),
        (0, &[InProgress, Paused, InProgress, Finished]),
        (-1, &[InProgress, Finished]),
    ] {
        a_task_that_went(store, &delegate, made_at, states).await.expect("a task");
    }
    a_task_that_went(store, &other, 0, &[]).await.expect("a task");
    let gone = a_task_that_went(store, &delegate, 0, &[]).await.expect("a task");
    let mut tx = store.write().await.expect("a transaction");
    tx.tasks().save(&Task { deleted_at: Some(given::minutes(1)), ..gone }).await.expect("a deleted task");
    let counted = tx.stats().of_user(delegate.id, given::noon()).await.expect("an answer");
    let expected = UserStats {
        total: 6,
        finished: 2,
        in_progress: 1,
        scheduled: 1,
        cancelled: 1,
        paused: 1,
        // One hour, and two without the pause between them.
        mean_hours: Some(1.5),
    };
    assert_eq!(counted, expected);
}

/// What the first screen shows; deleted rows left out.
pub async fn the_office_is_counted(store: &Arc<dyn Store>) {
    use TaskState::{Finished, InProgress};
    let supervisor = given::a_user(store, Level::Supervisor).await;
    for states in [&[][..], &[], &[InProgress], &[InProgress, Finished]] {
        a_task_that_went(store, &supervisor, 0, states).await.expect("a task");
    }
    let officers = [given::an_officer(store).await, given::an_officer(store).await, given::an_officer(store).await];
    let gone = given::an_officer(store).await;
    let mut tx = store.write().await.expect("a transaction");
    let waiting = NewTask { awaits_officer: true, ..given::a_new_task(&supervisor) };
    tx.tasks().insert(&waiting).await.expect("a new task");
    let busy = Officer { availability: Availability::OnTask, ..officers[0].clone() };
    tx.officers().save(&busy).await.expect("a saved officer");
    let off = Officer { availability: Availability::OutOfService, ..officers[1].clone() };
    tx.officers().save(&off).await.expect("a saved officer");
    tx.officers().save(&Officer { deleted_at: Some(given::noon()), ..gone }).await.expect("a deleted officer");
    tx.commit().await.expect("a commit");
    let seen = store.read().await.expect("a connection").stats().overview().await.expect("an answer");
    let expected = Overview {
        tasks: 5,
        in_progress: 1,
        finished: 1,
        scheduled: 3,
        waiting: 1,
        officers: 3,
        available: 1,
        on_task: 1,
        users: 5,
    };
    assert_eq!(seen, expected);
}
