//! Chats of Telegram, and where conversations in them stand.

use std::sync::Arc;

use domain::telegram::{Chat, Content, QuietHours};
use domain::{ChatId, Language, Level, MessageId, TelegramId, User, UserId};
use futures::future::join_all;
use serde_json::json;

use super::given::{a_user, minutes, noon};
use crate::Store;

const CHAT: ChatId = ChatId(7);
const ANA: TelegramId = TelegramId(7);

/// Every field of a chat comes back, and a chat that is put again keeps who holds it.
pub async fn every_field_of_a_chat_comes_back(store: &Arc<dyn Store>) {
    let chat = Chat {
        language: Some(Language::English),
        quiet_hours: QuietHours::new(1320, 360),
        quiet_until: Some(minutes(9)),
        blocked_at: Some(minutes(1)),
        live_location: Some(MessageId(44)),
        ..Chat::new(CHAT)
    };
    let mut tx = store.write().await.expect("a transaction");
    tx.chats().put(&Chat::new(CHAT)).await.expect("an answer");
    tx.chats().put(&chat).await.expect("an answer");
    tx.chats().put(&Chat::new(ChatId(-8))).await.expect("an answer");
    tx.commit().await.expect("a commit");
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.chats().by_id(CHAT).await.expect("an answer"), Some(chat.clone()));
    assert_eq!(tx.chats().by_id(ChatId(9)).await.expect("an answer"), None);
    assert_eq!(tx.chats().by_ids(&[ChatId(-8), ChatId(9)]).await.expect("an answer"), [Chat::new(ChatId(-8))]);
    assert!(!tx.chats().note_blocked(CHAT, minutes(2)).await.expect("an answer"), "noted before");
    assert!(!tx.chats().note_blocked(ChatId(9), minutes(2)).await.expect("an answer"), "nobody's");
    assert_eq!(tx.chats().by_id(CHAT).await.expect("an answer"), Some(chat));
    assert!(tx.chats().note_blocked(ChatId(-8), minutes(2)).await.expect("an answer"));
    let blocked = Chat { blocked_at: Some(minutes(2)), ..Chat::new(ChatId(-8)) };
    assert_eq!(tx.chats().by_id(ChatId(-8)).await.expect("an answer"), Some(blocked));
}

/// A chat is whose its account is, from the moment of the link to its end, whatever is put.
pub async fn a_chat_is_whose_its_account_is(store: &Arc<dyn Store>) {
    let (ana, ema) = (a_user(store, Level::Officer).await, a_user(store, Level::Officer).await);
    let chat = ChatId(ana.telegram.expect("an account").0);
    let of = |user: Option<UserId>| Chat { user, ..Chat::new(chat) };
    let mut tx = store.write().await.expect("a transaction");
    tx.chats().put(&of(Some(ema.id))).await.expect("an answer");
    tx.chats().put(&Chat::new(CHAT)).await.expect("an answer");
    assert_eq!(tx.chats().by_id(chat).await.expect("an answer"), Some(of(Some(ana.id))));
    assert_eq!(tx.chats().of_users(&[ana.id, ema.id]).await.expect("an answer"), [of(Some(ana.id))]);
    tx.users().save(&User { telegram: None, ..ana.clone() }).await.expect("an answer");
    assert_eq!(tx.chats().of_users(&[ana.id, ema.id]).await.expect("an answer"), []);
    assert_eq!(tx.chats().by_ids(&[chat]).await.expect("an answer"), [of(None)]);
    tx.users().save(&User { telegram: ana.telegram, ..ema.clone() }).await.expect("an answer");
    assert_eq!(tx.chats().by_id(chat).await.expect("an answer"), Some(of(Some(ema.id))));
}

async fn turn(store: &Arc<dyn Store>, read: Option<i64>, word: Option<&str>, at: i64) -> bool {
    let state = word.map(|word| Content(json!({ "dialogo": word })));
    let state = state.as_ref().map(|state| (state, minutes(at + 30)));
    let mut tx = store.write().await.expect("a transaction");
    let done = tx.dialogues().compare_and_set(CHAT, ANA, read, state, minutes(at)).await.expect("an answer");
    tx.commit().await.expect("a commit");
    done
}

async fn word(store: &Arc<dyn Store>, at: i64) -> Option<(i64, String)> {
    let mut tx = store.read().await.expect("a connection");
    let dialogue = tx.dialogues().get(CHAT, ANA, minutes(at)).await.expect("an answer")?;
    Some((dialogue.version, dialogue.state.0["dialogo"].as_str().expect("a word").to_owned()))
}

/// A dialogue goes on only from where it was read, and ends likewise.
pub async fn a_dialogue_goes_on_from_where_it_was_read(store: &Arc<dyn Store>) {
    assert!(turn(store, None, None, 0).await, "nothing to end");
    assert!(turn(store, None, Some("crear"), 0).await);
    assert!(!turn(store, None, Some("buscar"), 0).await, "one has begun meanwhile");
    assert!(!turn(store, None, None, 0).await, "one has begun meanwhile");
    let (first, _) = word(store, 0).await.expect("a dialogue");
    assert!(turn(store, Some(first), Some("cerca"), 0).await);
    assert!(!turn(store, Some(first), Some("buscar"), 0).await);
    assert!(!turn(store, Some(first), None, 0).await);
    let (second, said) = word(store, 0).await.expect("a dialogue");
    assert_eq!(said, "cerca");
    assert!(turn(store, Some(second), None, 0).await);
    assert_eq!(word(store, 0).await, None);
}

/// Eight go on from the same place: one does.
pub async fn of_eight_who_go_on_at_once_one_does(store: &Arc<dyn Store>) {
    let begun = join_all((0..8).map(|_| turn(store, None, Some("crear"), 0))).await;
    assert_eq!(begun.into_iter().filter(|done| *done).count(), 1);
    let (version, _) = word(store, 0).await.expect("a dialogue");
    let went_on = join_all((0..8).map(|_| turn(store, Some(version), Some("buscar"), 0))).await;
    assert_eq!(went_on.into_iter().filter(|done| *done).count(), 1);
}

/// What has expired is as good as gone, and is then gone.
pub async fn a_dialogue_is_forgotten_after_its_time(store: &Arc<dyn Store>) {
    assert!(turn(store, None, Some("crear"), 0).await);
    assert_eq!(word(store, 30).await, None);
    assert!(turn(store, None, Some("buscar"), 30).await, "the old one is in nobody's way");
    assert_eq!(word(store, 31).await.map(|(_, word)| word), Some("buscar".to_owned()));
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(tx.dialogues().prune(noon()).await.expect("an answer"), 0);
    assert_eq!(tx.dialogues().prune(minutes(61)).await.expect("an answer"), 1);
}
