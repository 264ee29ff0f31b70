//! Messages between what is said and what the record keeps.

use domain::Time;
use domain::telegram::{Attachment, Content, NewMessage};
use serde_json::Value;

use super::{File, Method, Outgoing, Slot};

/// A message of the record that this program cannot send: an older or newer one wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message of the record that this program does not know how to send")]
pub struct UnknownMessage;

impl Outgoing {
    /// As the record keeps it, to be sent from `not_before` on.
    pub fn kept(self, now: Time, not_before: Time) -> NewMessage {
        NewMessage {
            chat: self.chat,
            urgency: self.urgency,
            method: self.method.as_str().to_owned(),
            body: Content(Value::Object(self.body)),
            attachment: self.file.map(|file| Attachment { name: file.name, bytes: file.bytes }),
            unique_key: self.unique,
            slot: self.slot.map(|slot| slot.as_str().to_owned()),
            assignment: self.assignment,
            created_at: now,
            not_before,
        }
    }
}

impl TryFrom<NewMessage> for Outgoing {
    type Error = UnknownMessage;

    fn try_from(kept: NewMessage) -> Result<Self, UnknownMessage> {
        let method = Method::from_name(&kept.method).ok_or(UnknownMessage)?;
        let Value::Object(body) = kept.body.0 else { return Err(UnknownMessage) };
        let file = match kept.attachment {
            None => None,
            Some(Attachment { name, bytes }) => {
                Some(File { field: method.file_field().ok_or(UnknownMessage)?, name, bytes })
            }
        };
        let slot = kept.slot.map(Slot::named);
        let (assignment, unique) = (kept.assignment, kept.unique_key);
        Ok(Self { chat: kept.chat, urgency: kept.urgency, method, body, file, slot, unique, assignment })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::{ChatId, MessageId, Urgency};

    #[test]
    fn the_record_gives_back_what_was_said() {
        let now = DateTime::UNIX_EPOCH;
        let photo = Outgoing::photo(ChatId(7), "mapa.png", vec![1, 2], "Hoy").at(Urgency::Notice).once("ev:1");
        let edit = Outgoing::edit(ChatId(7), MessageId(3), "<b>Hola</b>").in_slot(Slot::named("tarea:1"));
        let edit = edit.about(Some(domain::AssignmentId(5)));
        for said in [photo, edit] {
            assert_eq!(Outgoing::try_from(said.clone().kept(now, now)), Ok(said));
        }
    }

    #[test]
    fn what_this_program_does_not_know_is_not_guessed_at() {
        let now = DateTime::UNIX_EPOCH;
        let said = Outgoing::text(ChatId(7), "Hola").kept(now, now);
        let newer = NewMessage { method: "sendHologram".to_owned(), ..said.clone() };
        let no_fields = NewMessage { body: Content(Value::Null), ..said.clone() };
        let attachment = Some(Attachment { name: "a".to_owned(), bytes: vec![] });
        let with_file = NewMessage { attachment, ..said };
        for kept in [newer, no_fields, with_file] {
            assert_eq!(Outgoing::try_from(kept), Err(UnknownMessage));
        }
    }
}
