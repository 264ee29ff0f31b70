//! What people send.

use domain::{Point, TelegramId, Time};

use super::{ChatId, ChatKind, MessageId};

/// Who sent something. Names are personal data and are not kept here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender {
    /// The account.
    pub id: TelegramId,
    /// Whether it is itself a bot.
    pub is_bot: bool,
}

/// A message of a chat.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its number in the chat.
    pub id: MessageId,
    /// Which chat.
    pub chat: ChatId,
    /// Who is in the chat.
    pub chat_kind: ChatKind,
    /// The topic of the forum in which it stands; `None` outside of topics and in "General".
    pub topic: Option<i64>,
    /// Who sent it; nobody in channels.
    pub from: Option<Sender>,
    /// When it was sent, or last edited: seconds since 1970.
    pub at: i64,
    /// Whether somebody else wrote it.
    pub forwarded: bool,
    /// What several messages that were sent as one have in common.
    pub album: Option<String>,
    /// What it holds.
    pub body: Body,
}

impl Message {
    /// When it was sent or last edited; `None` where Telegram gave no time.
    pub fn said_at(&self) -> Option<Time> {
        time_of(self.at)
    }
}

/// A time of Telegram's, in seconds since 1970; `None` for 0, which is none.
pub(super) fn time_of(seconds: i64) -> Option<Time> {
    chrono::DateTime::from_timestamp(seconds, 0).filter(|_| seconds > 0)
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Text.
    Text(String),
    /// Where somebody is, or a place that was picked on a map.
    Place(Place),
    /// A photo, a voice message or a file.
    Attachment(Attachment),
    /// Somebody's telephone number.
    Contact,
    /// A sticker, a die, a poll and the like.
    Other,
}

/// A place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Where.
    pub point: Point,
    /// Radius in metres within which it probably is.
    pub accuracy_m: Option<f64>,
    /// Seconds for which it goes on being told; absent for a place that stands, or when it ended.
    pub live_period: Option<i64>,
}

/// A file that Telegram keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Of which kind.
    pub kind: AttachmentKind,
    /// By which it is fetched.
    pub file_id: String,
    /// The same for all bots, by which it is known again.
    pub unique_id: String,
    /// MIME type, where the sender's program said it.
    pub mime: Option<String>,
    /// How long in bytes.
    pub bytes: Option<i64>,
    /// Words that came with it.
    pub caption: Option<String>,
}

/// Kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentKind {
    /// A picture.
    Photo,
    /// A voice message.
    Voice,
    /// Anything else: a document, a video, music.
    File,
}
