//! Chats, and what the office keeps of them.

use domain::Time;
use serde::{Deserialize, Serialize};

/// A chat of Telegram. The number of a private chat is that of the person's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatId(pub i64);

/// A message of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub i64);

impl std::fmt::Display for ChatId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Who is in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// One person and the bot. Only here does the bot do what people ask.
    Private,
    /// Several people, or a channel.
    Shared,
}

/// A language that the bot speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Spanish.
    #[default]
    Es,
    /// English.
    En,
}

impl Locale {
    /// The word of the record and of `/idioma`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// The language that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().as_str() {
            "es" | "español" | "espanol" | "spanish" => Some(Self::Es),
            "en" | "inglés" | "ingles" | "english" => Some(Self::En),
            _ => None,
        }
    }
}

/// What the office keeps of a chat, as it was read before an update is worked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChatState {
    /// Which chat.
    pub chat: ChatId,
    /// The language that was chosen with `/idioma`.
    pub locale: Locale,
    /// Until when only emergencies may be pushed.
    pub quiet_until: Option<Time>,
}

impl ChatState {
    /// A chat of which nothing is kept yet.
    pub const fn new(chat: ChatId) -> Self {
        Self { chat, locale: Locale::Es, quiet_until: None }
    }
}
