//! The schema and what is known of the store as a whole.

use std::sync::Arc;

use uuid::Uuid;

use super::given;
use crate::Store;

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
    let outcome = tx.users().insert(&given::a_new_user(domain::Level::Officer), None).await;
    assert!(outcome.is_err());
    drop(tx);
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.users().list(crate::Page::first(10)).await.expect("an answer"), []);
}
