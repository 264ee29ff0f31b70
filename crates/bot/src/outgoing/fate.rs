//! What becomes of a message after an answer, or none.

use std::time::Duration;

use crate::client::Failure;
use crate::model::{ChatId, MessageId, Method, Urgency};

/// Tries after which a message is given up.
pub const MOST_TRIES: u32 = 8;
/// First pause before another try; doubled each time up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(1);
/// Longest pause before another try.
const LONGEST: Duration = Duration::from_secs(60);

/// Tries after which an emergency is given up that goes to a person of whom Telegram says that the
/// chat is closed: one such answer may be an error of Telegram's.
const TRIES_OF_CLOSED: u32 = 4;

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stands in the chat, under this number where it has one of its own.
    Sent(Option<MessageId>),
    /// It is sent as a new message in place of the one that is gone.
    Anew,
    /// It is sent to the chat without its topic.
    WithoutTopic,
    /// It is tried again after this.
    Later {
        /// After what time.
        after: Duration,
        /// Whether the chat, or everybody, is silent so long: Telegram asked for it.
        silence: bool,
        /// Whether this counts as a try.
        counts: bool,
    },
    /// It is sent to the chat's new number.
    Elsewhere(ChatId),
    /// It is given up: the chat takes nothing any more.
    Blocked,
    /// It is given up, for a reason that the record may keep.
    Failed(&'static str),
}

/// What the fate of a message depends on besides Telegram's answer.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Which call.
    pub method: Method,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Whether the chat stands in the settings: an operator can mend what is wrong with it.
    pub configured: bool,
    /// Whether it goes to a topic of the chat.
    pub in_topic: bool,
    /// How often it was tried before.
    pub tries: u32,
}

impl Case {
    /// Whether it is tried until it is sent, whatever Telegram answers.
    pub fn is_insistent(&self) -> bool {
        let is_message = !matches!(self.method, Method::AnswerCallbackQuery | Method::EditMessageReplyMarkup);
        is_message && (self.urgency == Urgency::Emergency || self.configured)
    }
}

/// What becomes of a message. An error that is not known to be permanent is temporary for an emergency
/// and for a chat of the settings: Telegram has answered good calls with errors for hours, and rights
/// in a group are given back.
pub fn fate(case: Case, outcome: Result<Option<MessageId>, Failure>) -> Fate {
    let Case { method, tries, .. } = case;
    let failure = match outcome {
        Ok(number) => return Fate::Sent(number),
        Err(failure) => failure,
    };
    let again = Fate::Later { after: pause(tries), silence: false, counts: true };
    match failure {
        // The waiting of a button ends by itself; a late answer to it would be refused anyway.
        Failure::TooMany(_) | Failure::Away(_) | Failure::Late | Failure::NotAsked
            if method == Method::AnswerCallbackQuery && tries >= 2 =>
        {
            Fate::Failed("late")
        }
        // Telegram's waits are no fault of the message.
        Failure::TooMany(after) => Fate::Later { after, silence: true, counts: false },
        Failure::NotAsked => Fate::Later { after: FIRST, silence: false, counts: false },
        Failure::Moved(chat) => Fate::Elsewhere(chat),
        Failure::NotModified => Fate::Sent(None),
        // What is gone has no buttons.
        Failure::NoMessage(_) if method == Method::EditMessageReplyMarkup => Fate::Sent(None),
        Failure::NoMessage(_) if method == Method::EditMessageText => Fate::Anew,
        // Both are mended by an operator, not by giving messages up.
        Failure::BadToken | Failure::Conflict => Fate::Later { after: LONGEST, silence: false, counts: false },
        Failure::NoTopic(_) if case.is_insistent() && case.in_topic => Fate::WithoutTopic,
        Failure::Unreachable(_) if case.is_insistent() && (case.configured || tries + 1 < TRIES_OF_CLOSED) => again,
        Failure::Unreachable(_) => Fate::Blocked,
        // An emergency is not given up while Telegram is away either.
        _ if case.is_insistent() => again,
        Failure::Forbidden(_) => Fate::Blocked,
        Failure::NoMessage(_) | Failure::NoFile(_) | Failure::NoTopic(_) | Failure::Refused(_) => {
            Fate::Failed("refused")
        }
        Failure::TooOld => Fate::Failed("late"),
        Failure::Away(_) | Failure::Late if tries + 1 < MOST_TRIES => again,
        Failure::Away(_) | Failure::Late => Fate::Failed("away"),
    }
}

/// The pause before the next try.
fn pause(tries: u32) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(tries)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTICE: Case =
        Case { method: Method::SendMessage, urgency: Urgency::Notice, configured: false, in_topic: false, tries: 0 };

    fn after(tries: u32, failure: Failure) -> Fate {
        fate(Case { tries, ..NOTICE }, Err(failure))
    }

    fn words() -> String {
        "Bad Request: whatever".to_owned()
    }

    #[test]
    fn each_refusal_has_its_consequence() {
        let sent = fate(Case { urgency: Urgency::Answer, ..NOTICE }, Ok(Some(MessageId(3))));
        assert_eq!(sent, Fate::Sent(Some(MessageId(3))));
        let wait = Duration::from_secs(9);
        assert_eq!(after(7, Failure::TooMany(wait)), Fate::Later { after: wait, silence: true, counts: false });
        assert_eq!(after(0, Failure::Unreachable(words())), Fate::Blocked);
        assert_eq!(after(0, Failure::Forbidden(words())), Fate::Blocked);
        assert_eq!(after(0, Failure::NotModified), Fate::Sent(None));
        let edit = Case { method: Method::EditMessageText, ..NOTICE };
        assert_eq!(fate(edit, Err(Failure::NoMessage(words()))), Fate::Anew);
        let buttons = Case { method: Method::EditMessageReplyMarkup, ..NOTICE };
        assert_eq!(fate(buttons, Err(Failure::NoMessage(words()))), Fate::Sent(None));
        assert_eq!(after(0, Failure::Refused(words())), Fate::Failed("refused"));
        assert_eq!(after(0, Failure::NoTopic(words())), Fate::Failed("refused"));
        assert_eq!(after(0, Failure::Moved(ChatId(-5))), Fate::Elsewhere(ChatId(-5)));
    }

    #[test]
    fn pauses_grow_until_it_is_given_up_and_an_emergency_never_is() {
        let pauses: Vec<u64> = (0..MOST_TRIES)
            .map_while(|tries| match after(tries, Failure::Late) {
                Fate::Later { after, counts: true, .. } => Some(after.as_secs()),
                _ => None,
            })
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60]);
        assert_eq!(after(MOST_TRIES - 1, Failure::Late), Fate::Failed("away"));
        let emergency = Case { urgency: Urgency::Emergency, tries: 100, ..NOTICE };
        let again = Fate::Later { after: LONGEST, silence: false, counts: true };
        assert_eq!(fate(emergency, Err(Failure::Late)), again);
    }

    #[test]
    fn no_error_ends_an_emergency_or_a_message_to_a_chat_of_the_settings() {
        let all = || {
            let away = Failure::Away(words());
            [
                Failure::Forbidden(words()),
                Failure::NoMessage(words()),
                Failure::NoFile(words()),
                Failure::NoTopic(words()),
                Failure::Refused(words()),
                Failure::TooOld,
                Failure::Late,
                away,
            ]
        };
        let again = Fate::Later { after: LONGEST, silence: false, counts: true };
        let emergency = Case { urgency: Urgency::Emergency, tries: 100, ..NOTICE };
        let configured = Case { configured: true, tries: 100, ..NOTICE };
        for case in [emergency, configured] {
            for failure in all() {
                assert_eq!(fate(case, Err(failure.clone())), again, "{failure}");
            }
        }
        assert_eq!(fate(configured, Err(Failure::Unreachable(words()))), again);
        let closed = |tries| fate(Case { tries, ..emergency }, Err(Failure::Unreachable(words())));
        assert!(matches!(closed(0), Fate::Later { counts: true, .. }), "one such answer may be an error");
        assert_eq!(closed(TRIES_OF_CLOSED - 1), Fate::Blocked);
        let in_topic = Case { in_topic: true, ..emergency };
        assert_eq!(fate(in_topic, Err(Failure::NoTopic(words()))), Fate::WithoutTopic);
        let button = Case { method: Method::AnswerCallbackQuery, ..emergency };
        assert_eq!(fate(button, Err(Failure::TooOld)), Fate::Failed("late"));
    }
}
