//! Codes by which Telegram accounts are linked.

use std::sync::Arc;

use domain::link::{IssuedCode, LinkFailures};
use domain::{ChatId, Level, TelegramId, User, UserId};
use futures::future::join_all;

use super::given::{a_user, broken_rule, minutes, noon};
use crate::{Rule, Store};

const ACCOUNT: TelegramId = TelegramId(70);

/// Made at noon, good for an hour.
fn a_code(of: UserId, seed: u8) -> IssuedCode {
    IssuedCode {
        hash: [seed; 32],
        user: of,
        issued_by: None,
        issued_at: noon(),
        expires_at: minutes(60),
        used_at: None,
        used_by: None,
    }
}

async fn issue(store: &Arc<dyn Store>, code: &IssuedCode) {
    let mut tx = store.write().await.expect("a transaction");
    tx.link_codes().issue(code).await.expect("a code");
    tx.commit().await.expect("a commit");
}

async fn redeem(store: &Arc<dyn Store>, seed: u8, account: TelegramId, at: i64) -> Option<IssuedCode> {
    let mut tx = store.write().await.expect("a transaction");
    let code = tx.link_codes().redeem(&[seed; 32], account, minutes(at)).await.expect("an answer");
    tx.commit().await.expect("a commit");
    code
}

async fn found(store: &Arc<dyn Store>, seed: u8) -> Option<IssuedCode> {
    store.read().await.expect("a connection").link_codes().by_hash(&[seed; 32]).await.expect("an answer")
}

async fn a_person(store: &Arc<dyn Store>) -> User {
    a_user(store, Level::Officer).await
}

/// A code comes back as it was kept, before and after its use.
pub async fn every_field_of_a_code_comes_back(store: &Arc<dyn Store>) {
    let (user, chief) = (a_person(store).await, a_person(store).await);
    let code = IssuedCode { issued_by: Some(chief.id), ..a_code(user.id, 1) };
    issue(store, &code).await;
    assert_eq!(found(store, 1).await, Some(code.clone()));
    let used = IssuedCode { used_at: Some(minutes(5)), used_by: Some(ACCOUNT), ..code };
    assert_eq!(redeem(store, 1, ACCOUNT, 5).await, Some(used.clone()));
    assert_eq!(found(store, 1).await, Some(used));
    assert_eq!(found(store, 2).await, None);
}

/// The newest code of a user is the only one that is good; those used stay, and those of others.
pub async fn a_new_code_replaces_those_not_used(store: &Arc<dyn Store>) {
    let (user, other) = (a_person(store).await, a_person(store).await);
    issue(store, &a_code(user.id, 1)).await;
    redeem(store, 1, ACCOUNT, 0).await.expect("the first");
    issue(store, &a_code(user.id, 2)).await;
    issue(store, &a_code(other.id, 3)).await;
    issue(store, &a_code(user.id, 4)).await;
    assert_eq!(redeem(store, 2, ACCOUNT, 0).await, None, "replaced");
    assert!(found(store, 1).await.is_some(), "used");
    assert!(redeem(store, 3, ACCOUNT, 0).await.is_some(), "of somebody else");
    assert!(redeem(store, 4, ACCOUNT, 0).await.is_some());
}

/// A code needs a user.
pub async fn a_code_of_nobody_is_refused(store: &Arc<dyn Store>) {
    let mut tx = store.write().await.expect("a transaction");
    let outcome = tx.link_codes().issue(&a_code(UserId(404), 1)).await;
    assert_eq!(broken_rule(&outcome), Some(Rule::UnknownUser));
}

/// Unknown, used and expired codes give nothing, the last one from the very instant on.
pub async fn a_code_is_good_once_and_in_its_time(store: &Arc<dyn Store>) {
    let (user, late) = (a_person(store).await, a_person(store).await);
    issue(store, &a_code(user.id, 1)).await;
    issue(store, &a_code(late.id, 2)).await;
    assert_eq!(redeem(store, 9, ACCOUNT, 0).await, None, "unknown");
    assert_eq!(redeem(store, 2, ACCOUNT, 60).await, None, "expired");
    assert!(redeem(store, 1, ACCOUNT, 59).await.is_some());
    assert_eq!(redeem(store, 1, ACCOUNT, 59).await, None, "used");
}

/// Eight accounts come at once with one code: one of them gets it.
pub async fn of_eight_accounts_one_gets_a_code(store: &Arc<dyn Store>) {
    let user = a_person(store).await;
    issue(store, &a_code(user.id, 1)).await;
    let codes = join_all((1..=8).map(|account| redeem(store, 1, TelegramId(account), 1))).await;
    let got: Vec<IssuedCode> = codes.into_iter().flatten().collect();
    assert_eq!(got.len(), 1);
    assert_eq!(found(store, 1).await.as_ref(), got.first());
}

/// Wrong codes count for their chat and for all, from an instant on.
pub async fn wrong_codes_are_counted_by_chat_and_office(store: &Arc<dyn Store>) {
    let mut tx = store.write().await.expect("a transaction");
    for (chat, at) in [(1, 0), (1, 10), (1, 20), (2, 20)] {
        tx.link_codes().note_failure(ChatId(chat), minutes(at)).await.expect("a failure");
    }
    tx.commit().await.expect("a commit");
    let mut tx = store.read().await.expect("a connection");
    let since = |of_chat, of_office| LinkFailures { of_chat, of_office };
    assert_eq!(tx.link_codes().failures(ChatId(1), noon()).await.expect("an answer"), since(3, 4));
    assert_eq!(tx.link_codes().failures(ChatId(1), minutes(10)).await.expect("an answer"), since(2, 3));
    assert_eq!(tx.link_codes().failures(ChatId(2), minutes(11)).await.expect("an answer"), since(1, 2));
    assert_eq!(tx.link_codes().failures(ChatId(3), minutes(21)).await.expect("an answer"), since(0, 0));
}

/// Codes that expired and wrong ones of long ago go, and no others.
pub async fn what_is_over_is_removed(store: &Arc<dyn Store>) {
    let (user, other) = (a_person(store).await, a_person(store).await);
    issue(store, &a_code(user.id, 1)).await;
    issue(store, &IssuedCode { expires_at: minutes(90), ..a_code(other.id, 2) }).await;
    let mut tx = store.write().await.expect("a transaction");
    tx.link_codes().note_failure(ChatId(1), minutes(59)).await.expect("a failure");
    tx.link_codes().note_failure(ChatId(1), minutes(61)).await.expect("a failure");
    assert_eq!(tx.link_codes().prune(minutes(61)).await.expect("an answer"), 2);
    assert_eq!(tx.link_codes().failures(ChatId(1), noon()).await.expect("an answer").of_chat, 1);
    tx.commit().await.expect("a commit");
    assert_eq!(found(store, 1).await, None);
    assert!(found(store, 2).await.is_some());
}
