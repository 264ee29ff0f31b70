//! What a bot should not have done.

use std::fmt;
use std::time::Duration;

/// Which rule was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// More than 30 messages in a second.
    TooFast,
    /// More than one message a second in a chat, beyond a short burst.
    TooFastInChat,
    /// More than 20 messages a minute in a group.
    TooFastInGroup,
    /// A message to a chat before the `retry_after` of a 429 was over.
    DidNotWait,
    /// A text of more than 4096 or a caption of more than 1024 characters.
    TooLong,
    /// Button data of more than 64 bytes, or a keyboard that is none.
    BadKeyboard,
    /// HTML that cannot be parsed.
    BrokenEntities,
    /// An answer to a tap that nobody made, that was answered or that is too old.
    StaleAnswer,
    /// A tap that is not answered in time.
    Unanswered,
    /// A change to what the message already is.
    NotModified,
    /// A change of a message that is not there.
    UnknownMessage,
    /// A second message to somebody who blocked the bot.
    Insisted,
    /// Two `getUpdates` at once, or one beside a webhook.
    TwoReaders,
    /// A call of a method that does not exist, or with other parameters than it has.
    Malformed,
}

/// A broken rule.
#[derive(Debug, Clone)]
pub struct Breach {
    /// Which.
    pub kind: Kind,
    /// Where, when it was in a chat.
    pub chat: Option<i64>,
    /// Since the stand-in was opened.
    pub at: Duration,
    /// Method and words.
    pub detail: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} s {:?}", self.at.as_secs_f64(), self.kind)?;
        if let Some(chat) = self.chat {
            write!(f, " in {chat}")?;
        }
        write!(f, ": {}", self.detail)
    }
}
