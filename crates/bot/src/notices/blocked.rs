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

/// Why what was not accepted expires at once.
const WHY: &str = "El efectivo bloqueó al bot de Telegram";

/// What was sent or offered to the officer of a chat that takes nothing any more, and was not accepted,
/// expires now, so that the next officer is asked. Again, nothing changes.
///
/// # Errors
/// When the record does not answer; then it is to be done again.
pub async fn officer_unreachable(cx: &Context, chat: ChatId) -> Result<()> {
    let officer = {
        let mut tx = cx.store.read().await?;
        let Some(user) = tx.users().by_telegram(TelegramId(chat.0)).await? else { return Ok(()) };
        tx.officers().by_user(user.id).await?
    };
    match officer {
        Some(officer) => app::dispatch::officer_unreachable(cx, officer.id, WHY).await,
        None => Ok(()),
    }
}

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
