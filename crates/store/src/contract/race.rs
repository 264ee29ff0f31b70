//! Many who want the same at the same time.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::dispatch::Criteria;
use domain::{Availability, Level, Officer, OfficerId, Point, Task, TaskState};
use futures::future::join_all;

use super::given;
use crate::{Result, Store, Tx};

fn criteria() -> Criteria {
    Criteria::around(Point::new(-34.6, -58.4).expect("within range"), 50_000.0, TimeDelta::minutes(10))
}

/// The nearest who is free and whom nobody else is just taking, locked; as dispatch does it.
async fn pick(tx: &mut dyn Tx) -> Result<Option<Officer>> {
    let (mut tried, mut limit) = (BTreeSet::new(), 4);
    loop {
        let batch = tx.geo().nearest_eligible(&criteria(), given::noon(), limit).await?;
        let all = batch.len() < usize::try_from(limit).expect("small");
        for candidate in batch {
            if tried.insert(candidate.officer.id)
                && let Some(officer) = tx.officers().try_lock(candidate.officer.id).await?
                && officer.availability == Availability::Available
            {
                return Ok(Some(officer));
            }
        }
        if all {
            return Ok(None);
        }
        limit *= 4;
    }
}

async fn send_somebody(store: &Arc<dyn Store>, task: Task) -> Result<Option<OfficerId>> {
    let mut tx = store.write().await?;
    let Some(mut officer) = pick(&mut *tx).await? else { return Ok(None) };
    officer.set_availability(Availability::OnTask, given::noon());
    tx.officers().save(&officer).await?;
    tx.tasks().assign(task.id, &[officer.id], None, given::noon()).await?;
    let begun = task.transition(TaskState::InProgress, given::noon()).expect("a legal change");
    tx.tasks().save(&begun).await?;
    tx.commit().await?;
    Ok(Some(officer.id))
}

/// Two hundred emergencies and fifty free officers: each officer goes to one of them.
pub async fn racing_emergencies_share_the_free_officers(store: &Arc<dyn Store>) {
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let mut free = BTreeSet::new();
    for n in 0..50 {
        free.insert(given::an_officer_at(store, -34.6 + f64::from(n) * 0.001, -58.4).await.id);
    }
    let mut tasks = Vec::new();
    for _ in 0..200 {
        tasks.push(given::a_task(store, &supervisor).await);
    }
    let outcomes = join_all(tasks.into_iter().map(|task| send_somebody(store, task))).await;
    let sent: Vec<OfficerId> = outcomes.into_iter().filter_map(|outcome| outcome.expect("an answer")).collect();
    assert_eq!(sent.len(), 50);
    assert_eq!(sent.into_iter().collect::<BTreeSet<_>>(), free, "somebody was sent twice");
    let left = store.read().await.expect("a connection").geo().nearest_eligible(&criteria(), given::noon(), 1).await;
    assert_eq!(left.expect("an answer"), []);
}
