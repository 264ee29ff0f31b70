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

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stands in the chat, under this number where it has one of its own.
    Sent(Option<MessageId>),
    /// It is sent as a new message in place of the one that is gone.
    Anew,
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

/// What becomes of a message that was tried `tries` times before this one.
pub fn fate(method: Method, urgency: Urgency, tries: u32, outcome: Result<Option<MessageId>, Failure>) -> Fate {
    let failure = match outcome {
        Ok(number) => return Fate::Sent(number),
        Err(failure) => failure,
    };
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
        Failure::Unreachable => Fate::Blocked,
        Failure::Moved(chat) => Fate::Elsewhere(chat),
        Failure::NotModified => Fate::Sent(None),
        // What is gone has no buttons.
        Failure::NoMessage if method == Method::EditMessageReplyMarkup => Fate::Sent(None),
        Failure::NoMessage if method == Method::EditMessageText => Fate::Anew,
        Failure::NoMessage | Failure::NoFile | Failure::Refused(_) => Fate::Failed("refused"),
        Failure::TooOld => Fate::Failed("late"),
        // Both are mended by an operator, not by giving messages up.
        Failure::BadToken | Failure::Conflict => Fate::Later { after: LONGEST, silence: false, counts: false },
        // An emergency is not given up while Telegram is away.
        Failure::Away(_) | Failure::Late if tries + 1 < MOST_TRIES || urgency == Urgency::Emergency => {
            Fate::Later { after: pause(tries), silence: false, counts: true }
        }
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

    fn of(tries: u32, failure: Failure) -> Fate {
        fate(Method::SendMessage, Urgency::Notice, tries, Err(failure))
    }

    #[test]
    fn each_refusal_has_its_consequence() {
        let sent = fate(Method::SendMessage, Urgency::Answer, 0, Ok(Some(MessageId(3))));
        assert_eq!(sent, Fate::Sent(Some(MessageId(3))));
        let wait = Duration::from_secs(9);
        assert_eq!(of(7, Failure::TooMany(wait)), Fate::Later { after: wait, silence: true, counts: false });
        assert_eq!(of(0, Failure::Unreachable), Fate::Blocked);
        assert_eq!(of(0, Failure::NotModified), Fate::Sent(None));
        let edit = |failure| fate(Method::EditMessageText, Urgency::Answer, 0, Err(failure));
        assert_eq!(edit(Failure::NoMessage), Fate::Anew);
        let buttons = fate(Method::EditMessageReplyMarkup, Urgency::Notice, 0, Err(Failure::NoMessage));
        assert_eq!(buttons, Fate::Sent(None));
        assert_eq!(of(0, Failure::Refused("can't parse entities".to_owned())), Fate::Failed("refused"));
        assert_eq!(of(0, Failure::Moved(ChatId(-5))), Fate::Elsewhere(ChatId(-5)));
    }

    #[test]
    fn pauses_grow_until_it_is_given_up_and_an_emergency_never_is() {
        let pauses: Vec<u64> = (0..MOST_TRIES)
            .map_while(|tries| match of(tries, Failure::Late) {
                Fate::Later { after, counts: true, .. } => Some(after.as_secs()),
                _ => None,
            })
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60]);
        assert_eq!(of(MOST_TRIES - 1, Failure::Late), Fate::Failed("away"));
        let emergency = fate(Method::SendMessage, Urgency::Emergency, 100, Err(Failure::Late));
        assert_eq!(emergency, Fate::Later { after: LONGEST, silence: false, counts: true });
    }
}
