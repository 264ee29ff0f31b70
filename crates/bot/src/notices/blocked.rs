//! That somebody blocked the bot, to whoever supervises: what is assigned to that person reaches nobody.

use app::policy::{self, Permission};
use app::{Context, Result};
use domain::telegram::NewMessage;
use domain::{ChatId, TelegramId, Time};
use store::Tx;

use super::audience::Listener;
use super::quiet::may_be_told_at;
use crate::model::Urgency;
use crate::talk::blocked;

/// Names in one message; of more, their number is told.
const NAMES: usize = 10;

/// What supervisors are told of chats that have just been noted as blocked, once a block: `listeners`
/// are as they were before.
///
/// # Errors
/// When the record does not answer.
pub async fn of_blocked(
    cx: &Context,
    tx: &mut dyn Tx,
    listeners: &[Listener],
    chats: &[ChatId],
    now: Time,
) -> Result<Vec<NewMessage>> {
    let mut names = Vec::new();
    // Whoever is no listener is nobody whom the office sends anywhere.
    for listener in listeners.iter().filter(|listener| chats.contains(&listener.chat.id)) {
        if let Some(user) = tx.users().by_telegram(TelegramId(listener.chat.id.0)).await? {
            names.push(user.full_name());
        }
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let more = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    let supervises = |listener: &&Listener| {
        policy::require(&listener.reader.actor, Permission::ViewAllTasks).is_ok() && !chats.contains(&listener.chat.id)
    };
    let message = |listener: &Listener| {
        let message = blocked(&listener.reader, &names, more);
        message.kept(now, may_be_told_at(&listener.chat, Urgency::Notice, now, cx.settings.time_zone))
    };
    Ok(listeners.iter().filter(supervises).map(message).collect())
}
