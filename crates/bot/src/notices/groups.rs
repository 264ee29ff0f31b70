//! Chats of the office that belong to nobody.

use std::collections::HashMap;

use app::{Actor, Context, Result};
use domain::Event;

use crate::model::{ChatId, Language, Outgoing};
use crate::talk::{Reader, announcement, notice};

/// Chats of the office that belong to nobody. Spanish is spoken there.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// Where calls for help are told besides (`ADMIN_CHAT_ID`).
    pub admin: Option<ChatId>,
    /// Where announcements go, by the group's word; one without a chat of its own is told person by
    /// person.
    pub named: HashMap<String, ChatId>,
}

impl Groups {
    /// The chat to which an announcement goes instead of to each person.
    pub fn of(&self, event: &Event) -> Option<ChatId> {
        match event {
            Event::Announcement { group, .. } => self.named.get(group).copied(),
            _ => None,
        }
    }

    /// What groups are told of an event. Buttons do nothing in groups, so there are none.
    pub async fn told(&self, cx: &Context, event: &Event) -> Result<Vec<Outgoing>> {
        match (event, self.of(event), self.admin) {
            (Event::Announcement { level, message, .. }, Some(chat), _) => {
                Ok(vec![announcement(chat, Language::Spanish, level, message)])
            }
            (Event::EmergencyRaised { .. } | Event::DispatchEscalated { .. }, _, Some(chat)) => {
                let actor = Actor::operator("avisos".to_owned(), "avisos");
                let mut said = notice(cx, event, &Reader { chat, language: Language::Spanish, actor }).await?;
                for message in &mut said {
                    message.body.remove("reply_markup");
                    message.slot = None;
                }
                Ok(said)
            }
            _ => Ok(Vec::new()),
        }
    }
}
