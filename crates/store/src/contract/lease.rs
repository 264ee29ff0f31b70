//! Work that one process at a time does.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::lease::{Lease, LeaseName};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::given::{minutes, noon};
use crate::Store;

const NAME: LeaseName = LeaseName::TelegramSending;

async fn acquire(store: &Arc<dyn Store>, holder: u128, at: i64, lasts: i64) -> Option<Lease> {
    let mut tx = store.write().await.expect("a transaction");
    let lease = tx.leases().acquire(NAME, Uuid::from_u128(holder), minutes(at), TimeDelta::minutes(lasts)).await;
    tx.commit().await.expect("a commit");
    lease.expect("an answer")
}

/// Of eight one gets it; after its time another does, with the datum of the first, who notes no more.
pub async fn a_lease_has_one_holder(store: &Arc<dyn Store>) {
    let got = join_all((1..=8).map(|n| acquire(store, n, 0, 2))).await;
    let mut got = got.into_iter().flatten();
    let first = got.next().and_then(|lease| lease.holder).expect("a holder");
    assert_eq!(got.next(), None);
    let mut tx = store.write().await.expect("a transaction");
    assert!(tx.leases().note(NAME, first, noon(), &json!({"offset": 7})).await.expect("an answer"));
    tx.commit().await.expect("a commit");
    assert!(acquire(store, first.as_u128(), 1, 2).await.is_some(), "prolonged");
    assert_eq!(acquire(store, 99, 2, 2).await, None);
    assert!(acquire(store, first.as_u128(), 2, 0).await.is_some(), "prolonged, and expired at once");
    let second = acquire(store, 99, 3, 2).await.expect("the lease");
    assert_eq!(second.datum, Some(json!({"offset": 7})));
    let mut tx = store.write().await.expect("a transaction");
    assert!(!tx.leases().note(NAME, first, minutes(3), &json!(0)).await.expect("an answer"));
    tx.leases().release(NAME, first).await.expect("an answer");
    assert_eq!(tx.leases().by_name(NAME).await.expect("an answer"), Some(second), "not the first's to give up");
}

/// Clocks that are an hour wrong, before, at and after a jump: a lease that was not prolonged keeps no
/// other process waiting for longer than it lasts.
pub async fn a_wrong_clock_keeps_no_lease(store: &Arc<dyn Store>) {
    let clocks = [-60, 0, 60];
    let mut holder = 1;
    for writer in clocks {
        for reader in clocks {
            holder += 1;
            assert!(acquire(store, holder, writer, 0).await.is_some(), "{writer} {reader}: the first");
            // The database of several processes has one clock, and the lease has ended by it; of one
            // process alone the time is too far ahead, or past.
            assert!(acquire(store, holder + 100, reader, 2).await.is_some(), "{writer} {reader}: the second");
            // The clock of the second jumps, and it goes on.
            for jumped in clocks {
                assert!(acquire(store, holder + 100, jumped, 2).await.is_some(), "{writer} {reader} {jumped}");
                let mut tx = store.write().await.expect("a transaction");
                let second = Uuid::from_u128(holder + 100);
                assert!(tx.leases().is_held(NAME, second, minutes(jumped)).await.expect("an answer"));
                tx.leases().release(NAME, second).await.expect("an answer");
                tx.commit().await.expect("a commit");
            }
        }
    }
}
