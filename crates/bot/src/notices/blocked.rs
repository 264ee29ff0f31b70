//! That somebody blocked the bot, to whoever supervises: what is assigned to that person reaches nobody.

use app::policy::{self, Permission};
use app::{Context, Result};
use domain::telegram::NewMessage;
use domain::{ChatId, TelegramId, Time};

use super::audience::Listener;
use super::quiet::may_be_told_at;
use crate::model::Urgency;
use crate::talk::blocked;
use crate::talk::job::job;

/// Why what was not accepted expires at once.
const WHY: &str = "El efectivo bloqueó al bot de Telegram";

/// What was sent or offered to the officer of a chat that takes nothing any more, and was not accepted,
/// expires now, so that the next officer is asked. Again, nothing changes.
///
/// # Errors
/// When the record does not answer; then it is to be done again.
pub async fn officer_unreachable(cx: &Context, chat: ChatId) -> Result<()> {
    match app::notices::officer_of_account(cx, &job(), TelegramId(chat.0)).await? {
        Some(officer) => app::dispatch::officer_unreachable(cx, officer, WHY).await,
        None => Ok(()),
    }
}

/// Names in one message; of more, their number is told.
const NAMES: usize = 10;

/// What supervisors are told of chats that have just been noted as blocked, once a block: `listeners`
/// are as they were before.
pub fn of_blocked(cx: &Context, listeners: &[Listener], chats: &[ChatId], now: Time) -> Vec<NewMessage> {
    // Only listeners are sent anywhere by the office.
    let blocked_now = listeners.iter().filter(|listener| chats.contains(&listener.chat.id));
    let mut names: Vec<String> = blocked_now.map(|listener| listener.name.clone()).collect();
    if names.is_empty() {
        return Vec::new();
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
    listeners.iter().filter(supervises).map(message).collect()
}
