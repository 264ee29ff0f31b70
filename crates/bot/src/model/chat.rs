//! Chats, and what the office keeps of them.

use domain::{ChatId, Language};

/// A chat of the settings, or one topic of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    /// Which chat.
    pub chat: ChatId,
    /// Which topic of the forum; `None` is the chat itself, in forums the topic "General".
    pub topic: Option<i64>,
}

/// Who is in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// One person and the bot. Only here does the bot do what people ask.
    Private,
    /// Several people, or a channel.
    Shared,
}

/// The language that a word of `/idioma` names.
pub fn language_named(word: &str) -> Option<Language> {
    match word.trim().to_lowercase().as_str() {
        "es" | "español" | "espanol" | "spanish" => Some(Language::Spanish),
        "en" | "inglés" | "ingles" | "english" => Some(Language::English),
        _ => None,
    }
}

/// What the office keeps of a chat, as it was read before an update is worked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChatState {
    /// Which chat.
    pub chat: ChatId,
    /// The language that was chosen with `/idioma`.
    pub language: Language,
}

impl ChatState {
    /// A chat of which nothing is kept yet.
    pub const fn new(chat: ChatId) -> Self {
        Self { chat, language: Language::Spanish }
    }
}
