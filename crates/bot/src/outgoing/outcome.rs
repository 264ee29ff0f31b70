//! What came of messages, into the record.

use std::time::Duration;

use app::{Context, Result};
use chrono::TimeDelta;
use domain::telegram::Chat;
use domain::{OutgoingId, TelegramId};
use store::Tx;

use super::delivery;
use crate::model::{ChatId, MessageId, Method, Outgoing, Slot, Urgency};
use crate::notices::{listeners, of_blocked, officer_unreachable};

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in the chat.
    Sent {
        /// Which.
        id: OutgoingId,
        /// In which chat.
        chat: ChatId,
        /// Under which number, where it has one.
        number: Option<MessageId>,
        /// What it stands in place of, which loses its buttons.
        replaced: Option<MessageId>,
    },
    /// It is tried again after this.
    Later(OutgoingId, Duration),
    /// A newer one takes its place.
    Outdone(OutgoingId),
    /// It is given up.
    Failed(LostMessage),
    /// The chat takes nothing any more: this message and what else waits for the chat and is as urgent,
    /// or less, is given up. What is more urgent is tried for itself.
    Blocked(LostMessage),
    /// What stood in the place is gone.
    Gone(ChatId, Slot),
}

/// A message that is given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostMessage {
    /// Which.
    pub id: OutgoingId,
    /// To which chat.
    pub chat: ChatId,
    /// How urgent it was.
    pub urgency: Urgency,
    /// By which call, as the record names it.
    pub method: String,
    /// Why, in a word that the record may keep.
    pub reason: &'static str,
    /// Why, in Telegram's words.
    pub description: String,
}

impl LostMessage {
    /// Logs it. An answer to a pressed button that came late is nothing that an operator could mend.
    fn log(&self, chat: &str) {
        let Self { id, urgency, method, reason, description, .. } = self;
        let message = id.0;
        if method == Method::AnswerCallbackQuery.as_str() {
            tracing::debug!(message, method, chat, description, reason, "not sent");
        } else if *urgency == Urgency::Emergency {
            tracing::error!(
                code = "telegram.given_up",
                message,
                method,
                chat,
                description,
                reason,
                "an emergency is not sent, and given up"
            );
        } else {
            tracing::warn!(
                code = "telegram.given_up",
                message,
                method,
                chat,
                description,
                reason,
                "not sent, and given up"
            );
        }
    }
}

/// A chat as the log names it: a group by its number, a person by that of the user, since the number of
/// the chat is that of the person's account.
///
/// # Errors
/// When the record does not answer.
pub async fn name_of_chat(tx: &mut dyn Tx, chat: ChatId) -> Result<String> {
    if chat.0 < 0 {
        return Ok(chat.to_string());
    }
    let user = tx.users().by_telegram(TelegramId(chat.0)).await?;
    Ok(user.map_or_else(|| "of nobody".to_owned(), |user| format!("of user {}", user.id)))
}

impl Outcome {
    fn sent(&self) -> Option<OutgoingId> {
        if let Self::Sent { id, .. } = self { Some(*id) } else { None }
    }

    fn name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Sent { .. } => "sent",
            Self::Later(..) => "deferred",
            Self::Outdone(_) => "outdone",
            Self::Failed(_) => "failed",
            Self::Blocked(_) => "blocked",
            Self::Gone(..) => return None,
        })
    }
}

/// Outcomes in figures.
const NAMES: [&str; 5] = ["sent", "deferred", "outdone", "failed", "blocked"];

/// Why emergencies are given up.
const LOST: [&str; 5] = ["refused", "late", "away", "unknown", "blocked"];

/// Counts emergencies that were given up.
pub fn count_lost(reason: &'static str, emergencies: u64) {
    metrics::counter!("gad_telegram_emergencies_lost_total", "reason" => reason).increment(emergencies);
}

/// Lets the figures begin at zero.
pub fn begin_counting() {
    for reason in LOST {
        count_lost(reason, 0);
    }
    for name in NAMES {
        metrics::counter!("gad_telegram_messages_total", "outcome" => name).increment(0);
    }
}

/// Writes outcomes, all or none.
///
/// # Errors
/// As use cases do.
pub async fn write(cx: &Context, outcomes: &[Outcome]) -> Result<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let now = cx.clock.now();
    let blocks = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Blocked(_)));
    // Read before the transaction begins, which needs the one writer of SQLite for itself.
    let listeners = if blocks { listeners(cx).await? } else { Vec::new() };
    let mut newly = Vec::new();
    let mut lost = Vec::new();
    let mut tx = cx.store.write().await?;
    for outcome in outcomes {
        match outcome {
            Outcome::Sent { id, chat, number, replaced } => {
                tx.messages().sent(*id, *number, now).await?;
                if let Some(card) = replaced {
                    let bare = Outgoing::without_buttons(*chat, *card)
                        .at(Urgency::Notice)
                        .once(format!("sin-botones:{chat}:{card}"));
                    tx.messages().push(&[bare.kept(now, now)]).await?;
                }
            }
            Outcome::Later(id, after) => {
                let after = TimeDelta::from_std(*after).unwrap_or(TimeDelta::minutes(1));
                tx.messages().defer(*id, now + after).await?;
            }
            Outcome::Outdone(id) => _ = tx.messages().fail(*id, "outdone", now).await?,
            Outcome::Failed(message) => {
                if tx.messages().fail(message.id, message.reason, now).await? {
                    let emergencies = u64::from(message.urgency == Urgency::Emergency);
                    lost.push((message, emergencies, name_of_chat(&mut *tx, message.chat).await?));
                }
            }
            Outcome::Blocked(message) => {
                let chat = &message.chat;
                let given_up = tx.messages().fail_chat(*chat, message.urgency, "blocked", now).await?;
                lost.push((message, given_up.emergencies, name_of_chat(&mut *tx, *chat).await?));
                if tx.chats().note_blocked(*chat, now).await? {
                    newly.push(*chat);
                } else if tx.chats().by_id(*chat).await?.is_none() {
                    // Nobody has written from there, so nobody can be written to.
                    tx.chats().put(&Chat { blocked_at: Some(now), ..Chat::new(*chat) }).await?;
                }
            }
            Outcome::Gone(chat, slot) => tx.messages().forget_card(*chat, slot.as_str()).await?,
        }
    }
    let told = of_blocked(cx, &listeners, &newly, now);
    tx.messages().push(&told).await?;
    let sent: Vec<OutgoingId> = outcomes.iter().filter_map(Outcome::sent).collect();
    let delivered = if sent.is_empty() { Vec::new() } else { tx.messages().delivered(&sent).await? };
    tx.commit().await?;
    delivery::record(cx, &delivered).await;
    for (message, emergencies, chat) in lost {
        message.log(&chat);
        count_lost(message.reason, emergencies);
    }
    for outcome in outcomes {
        if let Outcome::Blocked(blocked) = outcome
            && let Err(error) = officer_unreachable(cx, blocked.chat).await
        {
            // What was not accepted expires by its deadline then.
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "officer of a closed chat not recorded as unreachable");
        }
    }
    for name in outcomes.iter().filter_map(Outcome::name) {
        metrics::counter!("gad_telegram_messages_total", "outcome" => name).increment(1);
    }
    Ok(())
}

/// Whether a message about an assignment is in the outbox, or was sent.
pub async fn notifies_of(cx: &Context, assignment: domain::AssignmentId) -> app::Result<bool> {
    Ok(cx.store.read().await?.messages().notifies_of(assignment).await?)
}
