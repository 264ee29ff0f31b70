//! What came of messages, into the record.

use std::time::Duration;

use app::{Context, Result};
use chrono::TimeDelta;
use domain::OutgoingId;
use domain::telegram::Chat;

use crate::model::{ChatId, MessageId, Outgoing, Slot, Urgency};
use super::delivery;
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
    /// It is given up, for this reason.
    Failed(OutgoingId, &'static str),
    /// So is all else that waits for the chat: it takes nothing any more.
    Blocked(ChatId),
    /// What stood in the place is gone.
    Gone(ChatId, Slot),
}

impl Outcome {
    fn sent(&self) -> Option<OutgoingId> {
        if let Self::Sent { id, .. } = self { Some(*id) } else { None }
    }

    fn name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Sent { .. } => "sent",
            Self::Later(..) => "deferred",
            Self::Failed(_, "outdone") => "outdone",
            Self::Failed(..) => "failed",
            Self::Blocked(_) => "blocked",
            Self::Gone(..) => return None,
        })
    }
}

/// Outcomes in figures.
const NAMES: [&str; 5] = ["sent", "deferred", "outdone", "failed", "blocked"];

/// Lets the figures begin at zero.
pub fn begin_counting() {
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
            Outcome::Failed(id, reason) => _ = tx.messages().fail(*id, reason, now).await?,
            Outcome::Blocked(chat) => {
                tx.messages().fail_chat(*chat, "blocked", now).await?;
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
    let told = of_blocked(cx, &mut *tx, &listeners, &newly, now).await?;
    tx.messages().push(&told).await?;
    let sent: Vec<OutgoingId> = outcomes.iter().filter_map(Outcome::sent).collect();
    let delivered = if sent.is_empty() { Vec::new() } else { tx.messages().delivered(&sent).await? };
    tx.commit().await?;
    delivery::record(cx, &delivered).await;
    for outcome in outcomes {
        if let Outcome::Blocked(chat) = outcome
            && let Err(error) = officer_unreachable(cx, *chat).await
        {
            // What was not accepted expires by its deadline then.
            tracing::warn!(error = &error as &dyn std::error::Error, "officer of a closed chat not recorded as unreachable");
        }
    }
    for name in outcomes.iter().filter_map(Outcome::name) {
        metrics::counter!("gad_telegram_messages_total", "outcome" => name).increment(1);
    }
    Ok(())
}
