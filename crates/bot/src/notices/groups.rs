//! Chats of the office that belong to nobody.

use std::collections::HashMap;

use app::{Context, Result};
use domain::Event;

use crate::model::{ChatId, Destination, Language, Outgoing};
use crate::talk::job::job;
use crate::talk::{Reader, announcement, notice};

/// Chats of the office that belong to nobody. Spanish is spoken there.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// Where calls for help are told besides (`ADMIN_CHAT_ID`).
    pub admin: Option<Destination>,
    /// Where announcements go, by the group's word; one without a chat of its own is told person by
    /// person.
    pub named: HashMap<String, Destination>,
}

impl Groups {
    /// Whether a chat stands in the settings.
    pub fn has(&self, chat: ChatId) -> bool {
        self.all().any(|(_, known)| known.chat == chat)
    }

    /// All chats of the settings, each with the name that it has in figures: `admin`, or the group's
    /// word.
    pub fn all(&self) -> impl Iterator<Item = (&str, Destination)> {
        let admin = self.admin.map(|chat| ("admin", chat));
        admin.into_iter().chain(self.named.iter().map(|(name, chat)| (name.as_str(), *chat)))
    }

    /// The chat to which an announcement goes instead of to each person.
    pub fn of(&self, event: &Event) -> Option<Destination> {
        match event {
            Event::Announcement { group, .. } => self.named.get(group).copied(),
            _ => None,
        }
    }

    /// What groups are told of an event. Buttons do nothing in groups, so there are none.
    pub async fn told(&self, cx: &Context, event: &Event) -> Result<Vec<Outgoing>> {
        match (event, self.of(event), self.admin) {
            (Event::Announcement { level, message, .. }, Some(to), _) => {
                Ok(vec![announcement(to.chat, Language::Spanish, level, message).in_topic(to.topic)])
            }
            (Event::EmergencyRaised { .. } | Event::DispatchEscalated { .. }, _, Some(Destination { chat, topic })) => {
                let actor = job();
                let mut said = notice(cx, event, &Reader { chat, language: Language::Spanish, actor }).await?;
                for message in &mut said {
                    message.body.remove("reply_markup");
                    message.slot = None;
                }
                Ok(said.into_iter().map(|message| message.in_topic(topic)).collect())
            }
            _ => Ok(Vec::new()),
        }
    }
}
