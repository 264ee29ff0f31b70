//! What waits to be told.

use std::fmt;

use super::Content;
use crate::{AssignmentId, ChatId, MessageId, OutgoingId, Time};

/// What goes first. Smaller numbers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody calls for help.
    Emergency = 0,
    /// Somebody waits for it who has just written.
    Answer = 1,
    /// Nobody waits for it.
    Notice = 2,
}

impl Urgency {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Emergency, Self::Answer, Self::Notice];

    /// As both databases hold it.
    pub const fn number(self) -> i16 {
        self as i16
    }
}

/// A number that is no urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no urgency: 0 to 2")]
pub struct NoUrgency(pub i64);

impl TryFrom<i64> for Urgency {
    type Error = NoUrgency;

    fn try_from(number: i64) -> Result<Self, NoUrgency> {
        Self::ALL.into_iter().find(|urgency| i64::from(urgency.number()) == number).ok_or(NoUrgency(number))
    }
}

/// A file that goes with a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// How it is called.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attachment({} bytes)", self.bytes.len())
    }
}

/// Something to be told to Telegram.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMessage {
    /// In which chat.
    pub chat: ChatId,
    /// How urgent.
    pub urgency: Urgency,
    /// Method of the Bot API: `sendMessage`, `editMessageText`, `answerCallbackQuery`, …
    pub method: String,
    /// Its parameters.
    pub body: Content,
    /// A file that goes with it.
    pub attachment: Option<Attachment>,
    /// Two messages of one key are one; the second is not taken.
    pub unique_key: Option<String>,
    /// What the message is about, as `tarea:12`: it takes the place of the last one about it.
    pub slot: Option<String>,
    /// The assignment or offer of which it notifies the officer: when it is sent, that is delivered.
    pub assignment: Option<AssignmentId>,
    /// When it was made.
    pub created_at: Time,
    /// Not to be told before.
    pub not_before: Time,
}

/// A message that waits to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Number.
    pub id: OutgoingId,
    /// What.
    pub message: NewMessage,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// The message that stands in its slot of the chat.
    pub card: Option<MessageId>,
}
