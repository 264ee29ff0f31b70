//! How somebody wants to be spoken to.

use crate::{ChatId, Language, MessageId, Time, UserId};

/// Hours of the day, local time of the office, at which only emergencies are told.
///
/// Invariant: both are minutes since midnight, 0 to 1439, and differ. `from` after `to` goes over
/// midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: u16,
    to: u16,
}

impl QuietHours {
    /// Hours from a minute of the day up to another; `None` when one is no minute of a day or they
    /// are the same.
    pub const fn new(from: u16, to: u16) -> Option<Self> {
        if from < 1440 && to < 1440 && from != to { Some(Self { from, to }) } else { None }
    }

    /// Minute of the day at which they begin.
    pub const fn from(self) -> u16 {
        self.from
    }

    /// Minute of the day at which they are over.
    pub const fn to(self) -> u16 {
        self.to
    }

    /// Whether a minute of the day is within them.
    pub const fn hold(self, minute: u16) -> bool {
        if self.from < self.to {
            self.from <= minute && minute < self.to
        } else {
            self.from <= minute || minute < self.to
        }
    }
}

/// A chat, and how it wants to be spoken to.
#[derive(Debug, Clone, PartialEq)]
pub struct Chat {
    /// Which.
    pub id: ChatId,
    /// Whose, when the account of the same number is linked: a private chat has the number of the
    /// person's account.
    pub user: Option<UserId>,
    /// Chosen language; see [`Chat::speaks`].
    pub language: Option<Language>,
    /// Quiet each day.
    pub quiet_hours: Option<QuietHours>,
    /// Quiet until then.
    pub quiet_until: Option<Time>,
    /// When the person blocked the bot, so that nothing can be sent.
    pub blocked_at: Option<Time>,
    /// The message by which an officer shares where he or she is at present.
    pub live_location: Option<MessageId>,
}

impl Chat {
    /// A chat of which nothing is known.
    pub const fn new(id: ChatId) -> Self {
        Self {
            id,
            user: None,
            language: None,
            quiet_hours: None,
            quiet_until: None,
            blocked_at: None,
            live_location: None,
        }
    }

    /// In which language it is spoken to: Spanish, unless another was chosen.
    pub fn speaks(&self) -> Language {
        self.language.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_go_over_midnight() {
        let night = QuietHours::new(22 * 60, 6 * 60).unwrap();
        assert!(night.hold(23 * 60) && night.hold(0) && night.hold(6 * 60 - 1));
        assert!(!night.hold(6 * 60) && !night.hold(12 * 60));
        let siesta = QuietHours::new(13 * 60, 15 * 60).unwrap();
        assert!(siesta.hold(13 * 60) && !siesta.hold(15 * 60) && !siesta.hold(0));
        assert_eq!(QuietHours::new(1440, 0), None);
        assert_eq!(QuietHours::new(7, 7), None);
    }
}
