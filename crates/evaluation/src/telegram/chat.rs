//! Chats and what was said in them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::message::Message;

/// Somebody with a Telegram account.
#[derive(Debug, Clone)]
pub struct User {
    /// As Telegram numbers people.
    pub id: i64,
    /// First name.
    pub first_name: String,
    /// What their phone speaks, `es` or `en`.
    pub language: String,
}

impl User {
    /// As it stands in updates.
    pub fn json(&self) -> Value {
        json!({ "id": self.id, "is_bot": false, "first_name": self.first_name, "language_code": self.language })
    }
}

/// What is said or done in a chat.
#[derive(Debug, Clone)]
pub enum Did {
    /// Somebody wrote.
    Wrote(Message),
    /// Somebody changed what they had written.
    Changed(Message),
    /// Somebody tapped a button.
    Tapped(String),
    /// The bot answered a tap.
    Answered {
        /// Which tap.
        callback: String,
        /// Shown shortly on top, or in the middle until it is closed.
        text: Option<String>,
        /// In the middle.
        alert: bool,
    },
    /// A message was taken away.
    Removed,
    /// Something else.
    Note(String),
}

/// One thing in the order in which it happened.
#[derive(Debug, Clone)]
pub struct Line {
    /// Whose it is; the bot has no name.
    pub who: Option<String>,
    /// What.
    pub did: Did,
}

/// Where people and the bot talk.
pub struct Chat {
    /// As it stands in updates.
    pub about: Value,
    /// Whether several people are in it.
    pub group: bool,
    /// Whether the bot may write here: somebody began, and has not blocked it since.
    pub open: bool,
    /// Whether the bot was told that it may not.
    pub told_closed: bool,
    /// By number, as they are now.
    pub messages: BTreeMap<i64, Message>,
    /// All that happened.
    pub lines: Vec<Line>,
    /// In the place of the phone's keyboard.
    pub keyboard: Vec<Vec<Value>>,
    /// Until when a 429 told the bot to keep quiet.
    pub quiet_until: Option<Instant>,
}

impl Chat {
    /// Between one person and the bot.
    pub fn private(user: &User) -> Self {
        Self::new(json!({ "id": user.id, "type": "private", "first_name": user.first_name }), false, false)
    }

    /// A supergroup of which the bot is a member.
    pub fn group(id: i64, title: &str) -> Self {
        Self::new(json!({ "id": id, "type": "supergroup", "title": title }), true, true)
    }

    fn new(about: Value, group: bool, open: bool) -> Self {
        let (messages, lines, keyboard) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { about, group, open, told_closed: false, messages, lines, keyboard, quiet_until: None }
    }

    /// Notes what happened.
    pub fn note(&mut self, who: Option<&str>, did: Did) {
        self.lines.push(Line { who: who.map(str::to_owned), did });
    }
}
