//! A message of the record on its way to Telegram.

use domain::OutgoingId;
use domain::telegram::Outgoing as Kept;

use super::choice::Waiting;
use crate::model::{ChatId, MessageId, Method, Outgoing, Slot, Urgency};

/// What the sender remembers of a message while Telegram has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its number in the record.
    pub id: OutgoingId,
    /// To which chat, by the number that the record has.
    pub chat: ChatId,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Which call.
    pub method: Method,
    /// The place in the chat that it takes.
    pub slot: Option<Slot>,
    /// What stands there.
    pub card: Option<MessageId>,
    /// How often it was tried in vain.
    pub tries: u32,
    /// Whether it goes to a topic of the chat.
    pub in_topic: bool,
}

impl Call {
    /// A message of the record and what is to be sent of it; `None` when this program does not know
    /// how.
    pub fn of(kept: Kept) -> Option<(Self, Outgoing)> {
        let Kept { id, message, attempts, card } = kept;
        let said = Outgoing::try_from(message).ok()?;
        let call = Self {
            id,
            chat: said.chat,
            urgency: said.urgency,
            method: said.method,
            slot: said.slot.clone(),
            card,
            tries: attempts,
            in_topic: said.is_in_topic(),
        };
        Some((call, said))
    }

    /// Whether Telegram counts it: answers to pressed buttons are not.
    pub fn is_counted(&self) -> bool {
        self.method != Method::AnswerCallbackQuery
    }

    /// As the choice looks at it.
    pub fn waiting(&self) -> Waiting {
        Waiting {
            id: self.id.0,
            chat: self.chat,
            urgency: self.urgency,
            slot: self.slot.clone(),
            counted: self.is_counted(),
        }
    }

    /// The message that stands in the place no more once this one is sent as `number`.
    pub fn replaces(&self, number: Option<MessageId>) -> Option<MessageId> {
        let is_new = number.is_some() && number != self.card && self.method != Method::EditMessageText;
        self.card.filter(|_| is_new && self.slot.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(method: Method) -> Call {
        let (id, chat, slot) = (OutgoingId(1), ChatId(7), Some(Slot::named("tarea:1")));
        let (card, urgency) = (Some(MessageId(3)), Urgency::Notice);
        Call { id, chat, urgency, method, slot, card, tries: 0, in_topic: false }
    }

    #[test]
    fn a_card_that_is_sent_anew_replaces_the_one_before_and_an_edited_one_does_not() {
        assert_eq!(card(Method::SendMessage).replaces(Some(MessageId(4))), Some(MessageId(3)));
        assert_eq!(card(Method::SendMessage).replaces(None), None);
        assert_eq!(card(Method::EditMessageText).replaces(Some(MessageId(3))), None);
        assert_eq!(Call { slot: None, ..card(Method::SendMessage) }.replaces(Some(MessageId(4))), None);
        assert_eq!(Call { card: None, ..card(Method::SendMessage) }.replaces(Some(MessageId(4))), None);
    }
}
