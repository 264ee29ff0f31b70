//! Into the inbox.

use app::Result;
use domain::telegram::{Content, Update as Kept};
use domain::{ChatId, UpdateId};
use serde_json::Value;

use crate::Bot;
use crate::model::Update;

/// Keeps updates, each once however often it comes; gives how many were new. When this has returned,
/// they are committed and Telegram may forget them.
///
/// # Errors
/// As use cases do. None was kept then.
pub async fn receive(bot: &Bot, updates: Vec<Value>) -> Result<u64> {
    let now = bot.cx.clock.now();
    let mut kept = Vec::with_capacity(updates.len());
    for mut value in updates {
        // PostgreSQL keeps no NUL in JSON, and one update that is refused would hold up all others.
        without_nul(&mut value);
        let Some(update) = Update::read(&value) else {
            metrics::counter!("gad_telegram_updates_total", "outcome" => "unreadable").increment(1);
            continue;
        };
        // What belongs to no chat is worked after each other, in a place where no chat is.
        let chat = update.chat().map_or(ChatId(0), |chat| ChatId(chat.0));
        kept.push(Kept { id: UpdateId(update.id), chat, received_at: now, content: Content(value), attempts: 0 });
    }
    if kept.is_empty() {
        return Ok(0);
    }
    let mut tx = bot.cx.store.write().await?;
    let new = tx.inbox().receive(&kept).await?;
    tx.commit().await?;
    let repeated = u64::try_from(kept.len()).unwrap_or(u64::MAX).saturating_sub(new);
    metrics::counter!("gad_telegram_updates_total", "outcome" => "received").increment(new);
    metrics::counter!("gad_telegram_updates_total", "outcome" => "repeated").increment(repeated);
    if new > 0 {
        bot.received.notify_one();
    }
    Ok(new)
}

fn without_nul(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => text.retain(|c| c != '\0'),
        Value::Array(items) => items.iter_mut().for_each(without_nul),
        Value::Object(fields) => fields.values_mut().for_each(without_nul),
        _ => {}
    }
}

#[test]
fn no_nul_is_left_anywhere() {
    let mut value = serde_json::json!({ "message": { "text": "a\0b", "entities": ["\0", 7, null] } });
    without_nul(&mut value);
    assert_eq!(value, serde_json::json!({ "message": { "text": "ab", "entities": ["", 7, null] } }));
}
