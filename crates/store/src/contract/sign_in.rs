//! How sign-ins have gone.

use std::sync::Arc;

use domain::user::{Attempts, Lockout};
use domain::{Level, UserId};

use super::given;
use crate::{Error, Rule, Store};

async fn noted(store: &Arc<dyn Store>, user: UserId, source: &str, attempts: &Attempts) -> crate::Result<()> {
    let mut tx = store.write().await?;
    tx.sessions().note_attempts(user, source, attempts).await?;
    tx.commit().await
}

async fn known(store: &Arc<dyn Store>, user: UserId, source: &str) -> Option<Attempts> {
    store.read().await.expect("a connection").sessions().attempts(user, source).await.expect("an answer")
}

/// Every field comes back, the newest wins, and neither place nor user is taken for another.
pub async fn attempts_are_kept_by_user_and_place(store: &Arc<dyn Store>) {
    let (user, other) = (given::a_user(store, Level::Officer).await.id, given::a_user(store, Level::Officer).await.id);
    assert_eq!(known(store, user, "192.0.2.1").await, None);
    let first = Attempts::none(given::noon()).failed(given::noon());
    noted(store, user, "192.0.2.1", &first).await.expect("noted");
    let lockout = Lockout { failures: 5, until: Some(given::minutes(31)) };
    let next = Attempts { lockout, entered_at: Some(given::noon()), last_at: given::minutes(1) };
    noted(store, user, "192.0.2.1", &next).await.expect("noted");
    noted(store, user, "2001:db8::", &first).await.expect("noted");
    assert_eq!(known(store, user, "192.0.2.1").await, Some(next));
    assert_eq!(known(store, user, "2001:db8::").await, Some(first));
    assert_eq!(known(store, other, "192.0.2.1").await, None);
    let nobody = noted(store, UserId(999_999), "192.0.2.1", &first).await;
    assert!(matches!(nobody, Err(Error::Conflict(Rule::UnknownUser))), "{nobody:?}");
}

/// Those whose last is long ago.
pub async fn old_attempts_are_forgotten(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Officer).await.id;
    for minute in 0..3 {
        let attempts = Attempts::none(given::minutes(minute));
        noted(store, user, &format!("192.0.2.{minute}"), &attempts).await.expect("noted");
    }
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.sessions().forget_attempts(given::minutes(2)).await.expect("an answer"), 2);
    tx.commit().await.expect("a commit");
    assert_eq!(known(store, user, "192.0.2.1").await, None);
    assert!(known(store, user, "192.0.2.2").await.is_some());
}
