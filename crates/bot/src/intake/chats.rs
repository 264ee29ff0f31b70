//! Whether the chats of the settings are there, and the bot in them.

use std::time::Duration;

use resilience::CancellationToken;
use serde_json::Value;

use crate::Bot;
use crate::client::{Failure, Telegram};
use crate::model::Destination;

/// Between two checks.
const BETWEEN: Duration = Duration::from_secs(600);
/// Pause after Telegram could not be asked.
const PAUSE: Duration = Duration::from_secs(10);

/// Why a chat of the settings takes no messages.
#[derive(Debug, thiserror::Error)]
pub enum ChatFault {
    /// Telegram refused the question, or was not there to answer it.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// The chat has no topics.
    #[error("the chat has no topics, and the settings name one")]
    NoForum,
}

impl ChatFault {
    /// Whether Telegram was not there to answer.
    pub const fn is_unanswered(&self) -> bool {
        matches!(
            self,
            Self::Failed(
                Failure::Away(_)
                    | Failure::Late
                    | Failure::NotAsked
                    | Failure::TooMany(_)
                    | Failure::BadToken
                    | Failure::Conflict
            )
        )
    }
}

/// Asks Telegram for a chat of the settings (`getChat`).
///
/// # Errors
/// See [`ChatFault`].
pub async fn check_chat(telegram: &Telegram, to: Destination) -> Result<(), ChatFault> {
    let chat = telegram.chat(to.chat).await?;
    let is_forum = chat.get("is_forum").and_then(Value::as_bool).unwrap_or_default();
    if to.topic.is_some() && !is_forum { Err(ChatFault::NoForum) } else { Ok(()) }
}

/// Checks the chats of the settings at the start and from time to time, until told to stop.
pub async fn watch_chats(bot: &Bot, stop: &CancellationToken) {
    loop {
        let Some(answered) = stop.run_until_cancelled(check_all(bot)).await else { return };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(if answered { BETWEEN } else { PAUSE }) => {}
        }
    }
}

/// Checks all; gives whether Telegram answered each time.
async fn check_all(bot: &Bot) -> bool {
    let mut answered = true;
    for (name, to) in bot.groups.all() {
        let reachable = match check_chat(&bot.telegram, to).await {
            Ok(()) => 1.0,
            Err(fault) if fault.is_unanswered() => {
                answered = false;
                continue;
            }
            Err(fault) => {
                tracing::error!(
                    code = "telegram.chat",
                    setting = name,
                    error = &fault as &dyn std::error::Error,
                    "a chat of the settings takes no messages: correct the setting, or let the bot in"
                );
                0.0
            }
        };
        metrics::gauge!("gad_telegram_chat_reachable", "chat" => name.to_owned()).set(reachable);
    }
    answered
}
