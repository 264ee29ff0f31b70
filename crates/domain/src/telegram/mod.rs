//! What the record keeps of conversations on Telegram. What is said in them is the bot's affair.

mod chat;
mod message;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use chat::{Chat, QuietHours};
pub use message::{Attachment, NewMessage, NoUrgency, Outgoing, Urgency};

use crate::{ChatId, Time, UpdateId};

/// JSON in which people speak, ours or Telegram's. `Debug` hides it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Content(pub Value);

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Content(…)")
    }
}

/// An update that Telegram told.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// As Telegram numbers it.
    pub id: UpdateId,
    /// In which chat. An update of no chat goes by the account's number.
    pub chat: ChatId,
    /// When it came.
    pub received_at: Time,
    /// As Telegram sent it.
    pub content: Content,
    /// How often it was tried in vain.
    pub attempts: u32,
}

/// Where a person stands in a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialogue {
    /// Grows with each change; who changes it says which one was read.
    pub version: i64,
    /// What was said so far.
    pub state: Content,
    /// Forgotten after this.
    pub expires_at: Time,
}
