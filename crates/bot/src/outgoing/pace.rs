//! How fast one chat may be talked to.

use std::time::Duration;

use tokio::time::Instant;

use super::window::Window;
use crate::model::{ChatId, Urgency};

/// One message to one chat in this time; bursts that come seldom are allowed.
const SPACE: Duration = Duration::from_secs(1);
/// Answers at once to somebody who waits, after a silence; from then on one in each [`SPACE`].
const BURST: u32 = 3;
/// Messages in any minute to one group.
const GROUP: usize = 20;

/// What was said to one chat lately, and whether it may be spoken to.
#[derive(Debug)]
pub struct Chat {
    /// When all that was said is paid for by silence, at one message in each [`SPACE`].
    paid: Instant,
    minute: Option<Window>,
    /// One message at a time, so that they arrive in order.
    speaking: bool,
    silent_until: Instant,
}

impl Chat {
    /// A chat to which this sender, which took over at `since`, has sent nothing yet. The one before it
    /// may have used the whole burst just then.
    pub fn new(chat: ChatId, since: Instant) -> Self {
        // Numbers of groups and channels are negative.
        let minute = (chat.0 < 0).then(|| Window::new(GROUP, Duration::from_secs(60)));
        Self { paid: since + SPACE * BURST, minute, speaking: false, silent_until: since }
    }

    /// When it may be spoken to, were it the only chat; `None` when only an answer can tell.
    pub fn free_at(&mut self, urgency: Urgency, now: Instant) -> Option<Instant> {
        if self.speaking {
            return None;
        }
        let burst = self.paid.checked_sub(SPACE * (BURST - 1)).unwrap_or(now).max(now);
        let own = match urgency {
            Urgency::Emergency | Urgency::Answer => burst,
            // After a burst, what nobody waits for is what pays.
            Urgency::Notice => self.paid.max(now),
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
            && self.paid <= now
            && self.minute.as_mut().is_none_or(|minute| minute.is_quiet(now))
    }

    /// A message to it is on its way.
    pub const fn starts(&mut self) {
        self.speaking = true;
        if let Some(minute) = &mut self.minute {
            minute.starts();
        }
    }

    /// It was answered, or is given up.
    pub fn ends(&mut self, now: Instant) {
        self.speaking = false;
        // From the answer and not from the start: Telegram counts it at some time between the two.
        self.paid = self.paid.max(now) + SPACE;
        if let Some(minute) = &mut self.minute {
            minute.ends(now);
        }
    }

    /// Telegram wants nothing for it for a while.
    pub fn silence(&mut self, until: Instant) {
        self.silent_until = self.silent_until.max(until);
    }
}
