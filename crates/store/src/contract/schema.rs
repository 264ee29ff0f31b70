//! The schema and what is known of the store as a whole.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::dispatch::Criteria;
use domain::{Level, Point, TaskCode};
use uuid::Uuid;

use super::given;
use crate::officer::OfficerFilter;
use crate::task::TaskFilter;
use crate::{Page, Store};

/// A migrated database has nothing left to apply, and says so.
pub async fn a_second_migration_does_nothing(store: &Arc<dyn Store>) {
    assert_eq!(store.migrate().await.expect("migrated"), [0; 0]);
    let state = store.schema().await.expect("an answer");
    assert_eq!((state.found, state.pending), (state.known, 0));
    assert!(state.known > 0);
}

/// The epoch stays until it is renewed.
pub async fn the_epoch_changes_only_when_told(store: &Arc<dyn Store>) {
    let first = store.epoch().await.expect("an answer");
    assert_ne!(first, Uuid::nil());
    assert_eq!(store.epoch().await.expect("an answer"), first);
    let next = Uuid::from_u128(u128::from(given::unique()));
    store.renew_epoch(next).await.expect("renewed");
    assert_eq!(store.epoch().await.expect("an answer"), next);
}

/// Engine, version, size and connections are known; a closed store answers nobody.
pub async fn a_store_tells_of_itself_until_it_is_closed(store: &Arc<dyn Store>) {
    store.ping().await.expect("a sign of life");
    let info = store.info().await.expect("an answer");
    assert!(["sqlite", "postgresql"].contains(&info.engine));
    assert!(!info.version.is_empty() && info.size_bytes > 0);
    assert!(info.connections >= 1 && info.connections <= info.max_connections && info.idle <= info.connections);
    store.close().await;
    assert!(store.ping().await.is_err());
    assert!(store.read().await.is_err() && store.write().await.is_err());
}

/// A connection for reading changes nothing.
pub async fn reading_changes_nothing(store: &Arc<dyn Store>) {
    let mut tx = store.read().await.expect("a connection");
    let outcome = tx.users().insert(&given::a_new_user(Level::Officer), None).await;
    assert!(outcome.is_err());
    drop(tx);
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.users().list(Page::first(10)).await.expect("an answer"), []);
}

/// Text that no store holds is looked for without harm, and not found.
pub async fn text_that_cannot_be_stored_is_not_found(store: &Arc<dyn Store>) {
    given::an_officer_at(store, 0.0, 0.0).await;
    let strange = "a\0b";
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.sessions().sign_in_record(strange).await.expect("an answer"), None);
    assert_eq!(tx.tasks().by_code(&TaskCode::stored(strange.to_owned())).await.expect("an answer"), None);
    let unit = Some(strange.to_owned());
    let filter = OfficerFilter { unit: unit.clone(), ..OfficerFilter::default() };
    assert_eq!(tx.officers().list(&filter, Page::first(10)).await.expect("an answer"), []);
    let point = Point::new(0.0, 0.0).expect("within range");
    let criteria = Criteria { unit, ..Criteria::around(point, 1.0, TimeDelta::minutes(1)) };
    assert_eq!(tx.geo().nearest_eligible(&criteria, given::noon(), 10).await.expect("an answer"), []);
    let filter = TaskFilter { search: Some(vec![strange.to_owned()]), ..TaskFilter::default() };
    assert_eq!(tx.tasks().count(&filter).await.expect("an answer"), 0);
}
