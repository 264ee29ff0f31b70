//! Updates of Telegram.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::telegram::{Content, Update};
use domain::{ChatId, UpdateId};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::given::{minutes, noon};
use crate::Store;
use crate::telegram::Hold;

fn an_update(id: i64, chat: i64) -> Update {
    let content = Content(json!({"update_id": id, "message": {"text": "ñ"}}));
    Update { id: UpdateId(id), chat: ChatId(chat), received_at: noon(), content, attempts: 0 }
}

async fn receive(store: &Arc<dyn Store>, updates: &[Update]) -> u64 {
    let mut tx = store.write().await.expect("a transaction");
    let new = tx.inbox().receive(updates).await.expect("an answer");
    tx.commit().await.expect("a commit");
    new
}

async fn take(store: &Arc<dyn Store>, holder: u128, at: i64) -> Option<Hold> {
    take_for(store, holder, at, 1).await
}

async fn take_for(store: &Arc<dyn Store>, holder: u128, at: i64, lasts: i64) -> Option<Hold> {
    let holder = Uuid::from_u128(holder);
    let mut tx = store.write().await.expect("a transaction");
    let chat = tx.inbox().take_chat(holder, minutes(at), TimeDelta::minutes(lasts)).await.expect("an answer");
    tx.commit().await.expect("a commit");
    chat.map(|chat| Hold { chat, holder })
}

/// The same update thrice at once is kept once.
pub async fn an_update_told_thrice_is_kept_once(store: &Arc<dyn Store>) {
    let update = [an_update(7, 1)];
    let new = join_all((0..3).map(|_| receive(store, &update))).await;
    assert_eq!(new.iter().sum::<u64>(), 1);
    let mut tx = store.read().await.expect("a connection");
    assert_eq!(tx.inbox().last().await.expect("an answer"), Some(UpdateId(7)));
    assert_eq!(tx.inbox().backlog().await.expect("an answer").waiting, 1);
}

/// Eight holders and one chat: one of them gets it, and works its updates in order.
pub async fn a_chat_is_worked_by_one_and_in_order(store: &Arc<dyn Store>) {
    receive(store, &[an_update(2, 1), an_update(1, 1)]).await;
    let holds: Vec<Hold> = join_all((1..=8).map(|n| take(store, n, 0))).await.into_iter().flatten().collect();
    assert_eq!(holds.len(), 1);
    let mut tx = store.write().await.expect("a transaction");
    let first = tx.inbox().next(holds[0], noon()).await.expect("an answer");
    assert_eq!(first, Some(an_update(1, 1)));
    assert!(tx.inbox().postpone(holds[0], UpdateId(1), minutes(1)).await.expect("an answer"));
    assert_eq!(tx.inbox().next(holds[0], noon()).await.expect("an answer"), None, "the first holds the second back");
    assert!(tx.inbox().finish(holds[0], UpdateId(1), noon()).await.expect("an answer"));
    assert!(!tx.inbox().finish(holds[0], UpdateId(1), noon()).await.expect("an answer"), "worked already");
    assert_eq!(tx.inbox().next(holds[0], noon()).await.expect("an answer"), Some(an_update(2, 1)));
}

/// Whose hold ran out and was taken by another finishes nothing any more.
pub async fn a_lost_hold_finishes_nothing(store: &Arc<dyn Store>) {
    receive(store, &[an_update(1, 1)]).await;
    let first = take(store, 1, 0).await.expect("the chat");
    assert_eq!(take(store, 2, 0).await, None);
    let mut tx = store.write().await.expect("a transaction");
    assert!(tx.inbox().extend(first, noon(), TimeDelta::zero()).await.expect("an answer"));
    tx.commit().await.expect("a commit");
    let second = take(store, 2, 1).await.expect("the chat");
    let mut tx = store.write().await.expect("a transaction");
    assert!(!tx.inbox().finish(first, UpdateId(1), noon()).await.expect("an answer"));
    assert!(!tx.inbox().extend(first, minutes(1), TimeDelta::minutes(9)).await.expect("an answer"));
    assert_eq!(tx.inbox().next(first, minutes(1)).await.expect("an answer"), None);
    assert!(tx.inbox().set_aside(second, UpdateId(1), minutes(1)).await.expect("an answer"));
    assert_eq!(tx.inbox().backlog().await.expect("an answer").set_aside, 1);
}

/// Clocks that are an hour wrong: a hold that has ended and an update that came or was put off keep
/// nothing waiting for longer than they may.
pub async fn a_wrong_clock_keeps_no_update(store: &Arc<dyn Store>) {
    let clocks = [-60, 0, 60];
    let mut id = 0;
    for writer in clocks {
        for reader in clocks {
            id += 1;
            receive(store, &[Update { received_at: minutes(writer), ..an_update(id, id) }]).await;
            let first = take_for(store, 1, writer, 0).await.expect("the chat");
            let second = take(store, 2, reader).await;
            assert_eq!(second.map(|hold| hold.chat), Some(first.chat), "{writer} {reader}");
            let hold = second.expect("the chat");
            let mut tx = store.write().await.expect("a transaction");
            assert!(tx.inbox().next(hold, minutes(reader)).await.expect("an answer").is_some());
            let pause = TimeDelta::seconds(30);
            assert!(tx.inbox().postpone(hold, UpdateId(id), minutes(writer) + pause).await.expect("an answer"));
            let soon = tx.inbox().next(hold, minutes(reader) + pause).await.expect("an answer");
            assert!(soon.is_some(), "{writer} {reader}: put off for half a minute");
            assert!(tx.inbox().finish(hold, UpdateId(id), noon()).await.expect("an answer"));
            tx.inbox().release(hold).await.expect("an answer");
            tx.commit().await.expect("a commit");
        }
    }
}
