//! Locks and what follows from them.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::dispatch::Criteria;
use domain::{Availability, Level, Officer, Point, Position};
use futures::future::join_all;
use store::contract::given;
use store::{Error, Store};

use crate::database::{Database, fresh_store};

async fn fresh() -> (Arc<dyn Store>, Database) {
    let (store, database) = fresh_store().await;
    (Arc::new(store), database)
}

fn at(officer: &Officer, minute: i64) -> Position {
    Position {
        officer: officer.id,
        point: Point::new(-34.6, -58.4).unwrap(),
        accuracy_m: None,
        measured_at: given::minutes(minute),
        received_at: given::minutes(minute),
        reported_by: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_locked_in_any_order_never_wait_for_each_other_in_a_circle() {
    let (store, _database) = fresh().await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(given::an_officer(&store).await.id);
    }
    let lock = |n: usize| {
        let mut ids = ids.clone();
        ids.rotate_left(n % 6);
        let store = Arc::clone(&store);
        async move {
            let mut tx = store.write().await?;
            for officer in tx.officers().lock(&ids).await? {
                tx.officers().save(&officer).await?;
            }
            tx.commit().await
        }
    };
    for outcome in join_all((0..30).map(lock)).await {
        outcome.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn positions_go_on_while_an_officer_is_held() {
    let (store, _database) = fresh().await;
    let officer = given::an_officer_at(&store, -34.6, -58.4).await;
    let mut holder = store.write().await.unwrap();
    holder.officers().lock(&[officer.id]).await.unwrap();
    let mut tx = store.write().await.unwrap();
    let report = [at(&officer, 1)];
    let recorded = tokio::time::timeout(Duration::from_secs(3), tx.positions().record(&report));
    recorded.await.expect("intake waits for dispatch").unwrap();
    tx.commit().await.unwrap();
}

// The first position of an officer and a change of availability, at the same time in either order,
// leave the index of those who can be sent true.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_position_and_a_change_of_availability_see_each_other() {
    let (store, _database) = fresh().await;
    let criteria = Criteria::around(Point::new(-34.6, -58.4).unwrap(), 1_000.0, TimeDelta::minutes(10));
    for free in [true, false] {
        for _ in 0..10 {
            let officer = given::an_officer(&store).await;
            let (from, to) = if free {
                (Availability::OutOfService, Availability::Available)
            } else {
                (Availability::Available, Availability::OutOfService)
            };
            let mut tx = store.write().await.unwrap();
            let version = tx.officers().save(&Officer { availability: from, ..officer.clone() }).await.unwrap();
            tx.commit().await.unwrap();
            let change = async {
                let mut tx = store.write().await?;
                tx.officers().save(&Officer { availability: to, version, ..officer.clone() }).await?;
                tx.commit().await
            };
            let report = async {
                let mut tx = store.write().await?;
                tx.positions().record(&[at(&officer, 0)]).await?;
                tx.commit().await
            };
            let (changed, reported): (Result<(), Error>, Result<(), Error>) = tokio::join!(change, report);
            changed.unwrap();
            reported.unwrap();
            let mut tx = store.read().await.unwrap();
            let found = tx.geo().nearest_eligible(&criteria, given::noon(), 1_000).await.unwrap();
            assert_eq!(found.iter().any(|one| one.officer.id == officer.id), free);
        }
    }
}

// Who waits for a task's lock sees the officers that were sent meanwhile, not those of before.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_task_has_the_officers_of_now() {
    let (store, _database) = fresh().await;
    let supervisor = given::a_user(&store, Level::Supervisor).await;
    let (task, officer) = (given::a_task(&store, &supervisor).await, given::an_officer(&store).await);
    let mut holder = store.write().await.unwrap();
    holder.tasks().lock(task.id).await.unwrap();
    holder.tasks().assign(task.id, &[officer.id], None, given::noon()).await.unwrap();
    let mut waiting = store.write().await.unwrap();
    let (locked, ()) = tokio::join!(waiting.tasks().lock(task.id), async {
        tokio::task::yield_now().await;
        holder.commit().await.unwrap();
    });
    assert_eq!(locked.unwrap().unwrap().officers, [officer.id]);
}
