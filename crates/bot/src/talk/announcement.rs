//! Messages that follow from no task: announcements, and what becomes of chats and links.

use super::html::cut;
use super::notice::Reader;
use super::say::{Say, With};
use crate::model::{ChatId, Language, Outgoing, Urgency};

/// A message of the office to one of its groups.
pub fn announcement(chat: ChatId, language: Language, level: &str, message: &str) -> Outgoing {
    let key = match level {
        "urgent" => "announcement-urgent",
        "alert" => "announcement-alert",
        _ => "announcement",
    };
    // Telegram takes 4096 units; what stands around the message needs some of them.
    let text = Say(language).html(key, With::none().text("message", cut(message, 3500)));
    let priority = if level == "urgent" { Urgency::Emergency } else { Urgency::Notice };
    Outgoing::text(chat, text).at(priority)
}

/// That people of these names, and `more` besides, blocked the bot.
pub fn blocked(reader: &Reader, names: &[String], more: usize) -> Outgoing {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let with = With::none()
        .text("people", names.join(", "))
        .number("more", count(more))
        .number("count", count(names.len() + more));
    Outgoing::text(reader.chat, Say(reader.language).html("notice-blocked", with)).at(Urgency::Notice)
}

/// What is said when an update could not be worked, however often it was tried.
pub fn gave_up(chat: ChatId, language: Language) -> Outgoing {
    let say = Say(language);
    Outgoing::text(chat, super::refusal::closing(say, &say.it("gave-up")))
}

/// What the earlier account of somebody is told who linked another one.
pub fn relinked(chat: ChatId, language: Language) -> Outgoing {
    Outgoing::text(chat, Say(language).it("relinked"))
}
