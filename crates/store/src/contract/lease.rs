//! Work that one process at a time does.

use std::sync::Arc;

use domain::lease::{Lease, LeaseName};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::given::{minutes, noon};
use crate::Store;

const NAME: LeaseName = LeaseName::TelegramSending;

async fn acquire(store: &Arc<dyn Store>, holder: u128, at: i64) -> Option<Lease> {
    let mut tx = store.write().await.expect("a transaction");
    let lease = tx.leases().acquire(NAME, Uuid::from_u128(holder), minutes(at), minutes(at + 2)).await;
    tx.commit().await.expect("a commit");
    lease.expect("an answer")
}

/// Of eight one gets it; after its time another does, with the datum of the first, who notes no more.
pub async fn a_lease_has_one_holder(store: &Arc<dyn Store>) {
    let got = join_all((1..=8).map(|n| acquire(store, n, 0))).await;
    let mut got = got.into_iter().flatten();
    let first = got.next().and_then(|lease| lease.holder).expect("a holder");
    assert_eq!(got.next(), None);
    let mut tx = store.write().await.expect("a transaction");
    assert!(tx.leases().note(NAME, first, noon(), &json!({"offset": 7})).await.expect("an answer"));
    tx.commit().await.expect("a commit");
    assert!(acquire(store, first.as_u128(), 1).await.is_some(), "prolonged");
    assert_eq!(acquire(store, 99, 2).await, None);
    let second = acquire(store, 99, 3).await.expect("the lease");
    assert_eq!(second.datum, Some(json!({"offset": 7})));
    let mut tx = store.write().await.expect("a transaction");
    assert!(!tx.leases().note(NAME, first, minutes(3), &json!(0)).await.expect("an answer"));
    tx.leases().release(NAME, first).await.expect("an answer");
    assert_eq!(tx.leases().by_name(NAME).await.expect("an answer"), Some(second), "not the first's to give up");
}
