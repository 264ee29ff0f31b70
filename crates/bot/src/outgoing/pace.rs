//! How fast one chat may be talked to.

use std::time::Duration;

use tokio::time::Instant;

use super::window::Window;
use crate::model::{ChatId, Urgency};

/// Messages in any second to one chat; bursts that come seldom are allowed.
const CHAT: usize = 1;
/// Answers to somebody who waits, in any [`BURST_SPAN`].
const BURST: usize = 3;
/// See [`BURST`].
const BURST_SPAN: Duration = Duration::from_secs(3);
/// Messages in any minute to one group.
const GROUP: usize = 20;

/// What was said to one chat lately, and whether it may be spoken to.
#[derive(Debug)]
pub struct Chat {
    second: Window,
    burst: Window,
    minute: Option<Window>,
    /// One message at a time, so that they arrive in order.
    speaking: bool,
    silent_until: Instant,
}

impl Chat {
    /// Nothing said yet.
    pub fn new(chat: ChatId, now: Instant) -> Self {
        // Numbers of groups and channels are negative.
        let minute = (chat.0 < 0).then(|| Window::new(GROUP, Duration::from_secs(60)));
        Self {
            second: Window::new(CHAT, Duration::from_secs(1)),
            burst: Window::new(BURST, BURST_SPAN),
            minute,
            speaking: false,
            silent_until: now,
        }
    }

    /// When it may be spoken to, were it the only chat; `None` when only an answer can tell.
    pub fn free_at(&mut self, urgency: Urgency, now: Instant) -> Option<Instant> {
        if self.speaking {
            return None;
        }
        let own = match urgency {
            Urgency::Emergency | Urgency::Answer => self.burst.room_at(now, 0)?,
            // After a burst, what nobody waits for is what pays.
            Urgency::Notice => self.second.room_at(now, 0)?.max(self.burst.room_at(now, 0)?),
        };
        let minute = match &mut self.minute {
            None => now,
            Some(minute) => minute.room_at(now, 0)?,
        };
        Some(own.max(minute).max(self.silent_until))
    }

    /// Whether nothing of it matters any more.
    pub fn is_quiet(&mut self, now: Instant) -> bool {
        !self.speaking
            && self.silent_until <= now
            && self.burst.is_quiet(now)
            && self.second.is_quiet(now)
            && self.minute.as_mut().is_none_or(|minute| minute.is_quiet(now))
    }

    /// A message to it is on its way.
    pub const fn starts(&mut self) {
        self.speaking = true;
        self.second.starts();
        self.burst.starts();
        if let Some(minute) = &mut self.minute {
            minute.starts();
        }
    }

    /// It was answered, or is given up.
    pub fn ends(&mut self, now: Instant) {
        self.speaking = false;
        self.second.ends(now);
        self.burst.ends(now);
        if let Some(minute) = &mut self.minute {
            minute.ends(now);
        }
    }

    /// Telegram wants nothing for it for a while.
    pub fn silence(&mut self, until: Instant) {
        self.silent_until = self.silent_until.max(until);
    }
}
