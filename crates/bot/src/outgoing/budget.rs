//! How fast Telegram may be talked to. Kept by the one sender of the cluster.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::window::Window;
use crate::model::{ChatId, Urgency};

/// Messages in any second to all chats together (Telegram's FAQ for bots).
const OVERALL: usize = 30;
/// Of these, kept for emergencies and for answers: a crowd of notifications leaves them room.
const KEPT: usize = 2;
/// Messages in any second to one chat; bursts that come seldom are allowed.
const CHAT: usize = 1;
/// Answers to somebody who waits, in any [`BURST_SPAN`].
const BURST: usize = 3;
/// See [`BURST`].
const BURST_SPAN: Duration = Duration::from_secs(3);
/// Messages in any minute to one group.
const GROUP: usize = 20;

/// What has been said lately, and who may not be spoken to for a while.
#[derive(Debug)]
pub struct Budget {
    overall: Window,
    chats: HashMap<ChatId, Chat>,
    /// Before this, nothing is said to anybody.
    silent_until: Instant,
}

#[derive(Debug)]
struct Chat {
    second: Window,
    burst: Window,
    minute: Option<Window>,
    /// One message at a time, so that they arrive in order.
    speaking: bool,
    silent_until: Instant,
}

impl Chat {
    fn new(chat: ChatId, now: Instant) -> Self {
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

    fn is_quiet(&mut self, now: Instant) -> bool {
        !self.speaking
            && self.silent_until <= now
            && self.burst.is_quiet(now)
            && self.second.is_quiet(now)
            && self.minute.as_mut().is_none_or(|minute| minute.is_quiet(now))
    }
}

impl Budget {
    /// Of a sender that has just taken over: what the one before it said in the last second counts.
    pub fn taken_over(now: Instant) -> Self {
        Self {
            overall: Window::new(OVERALL, Duration::from_secs(1)),
            chats: HashMap::new(),
            silent_until: now + Duration::from_secs(1),
        }
    }

    /// When a message to a chat may be sent: now, later, or `None` when only an answer can tell.
    pub fn free_at(&mut self, chat: ChatId, urgency: Urgency, now: Instant) -> Option<Instant> {
        let below = if urgency == Urgency::Notice { KEPT } else { 0 };
        let overall = self.overall.room_at(now, below)?;
        let known = self.chats.entry(chat).or_insert_with(|| Chat::new(chat, now));
        if known.speaking {
            return None;
        }
        let own = match urgency {
            Urgency::Emergency | Urgency::Answer => known.burst.room_at(now, 0)?,
            // After a burst, what nobody waits for is what pays.
            Urgency::Notice => known.second.room_at(now, 0)?.max(known.burst.room_at(now, 0)?),
        };
        let minute = match &mut known.minute {
            None => now,
            Some(minute) => minute.room_at(now, 0)?,
        };
        Some(overall.max(own).max(minute).max(known.silent_until).max(self.silent_until))
    }

    /// A message to a chat is on its way.
    pub fn starts(&mut self, chat: ChatId, now: Instant) {
        self.overall.starts();
        let known = self.chats.entry(chat).or_insert_with(|| Chat::new(chat, now));
        known.speaking = true;
        known.second.starts();
        known.burst.starts();
        if let Some(minute) = &mut known.minute {
            minute.starts();
        }
    }

    /// It was answered, or is given up.
    pub fn ends(&mut self, chat: ChatId, now: Instant) {
        self.overall.ends(now);
        if let Some(known) = self.chats.get_mut(&chat) {
            known.speaking = false;
            known.second.ends(now);
            known.burst.ends(now);
            if let Some(minute) = &mut known.minute {
                minute.ends(now);
            }
        }
    }

    /// Telegram wants nothing for this chat for a while.
    pub fn silence_chat(&mut self, chat: ChatId, until: Instant) {
        let known = self.chats.entry(chat).or_insert_with(|| Chat::new(chat, until));
        known.silent_until = known.silent_until.max(until);
    }

    /// Telegram wants nothing at all for a while.
    pub fn silence(&mut self, until: Instant) {
        self.silent_until = self.silent_until.max(until);
    }

    /// Forgets chats to which nothing was said lately, so that it does not grow for ever.
    pub fn forget(&mut self, now: Instant) {
        self.chats.retain(|_, chat| !chat.is_quiet(now));
    }

    /// How many chats it remembers.
    pub fn remembered(&self) -> usize {
        self.chats.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: ChatId = ChatId(7);
    const GROUP_CHAT: ChatId = ChatId(-1_001);

    fn later(now: Instant, ms: u64) -> Instant {
        now + Duration::from_millis(ms)
    }

    fn budget() -> (Budget, Instant) {
        let now = Instant::now();
        (Budget::taken_over(now), later(now, 1001))
    }

    fn says(budget: &mut Budget, chat: ChatId, now: Instant) {
        budget.starts(chat, now);
        budget.ends(chat, now);
    }

    #[test]
    fn a_new_sender_says_nothing_for_a_second() {
        let now = Instant::now();
        let mut budget = Budget::taken_over(now);
        assert_eq!(budget.free_at(ANA, Urgency::Emergency, now), Some(later(now, 1000)));
    }

    #[test]
    fn an_answer_may_come_in_a_burst_and_a_notification_waits() {
        let (mut budget, now) = budget();
        says(&mut budget, ANA, now);
        assert_eq!(budget.free_at(ANA, Urgency::Answer, now), Some(now));
        assert_eq!(budget.free_at(ANA, Urgency::Notice, now), Some(later(now, 1000)));
        says(&mut budget, ANA, now);
        says(&mut budget, ANA, now);
        assert_eq!(budget.free_at(ANA, Urgency::Emergency, now), Some(later(now, 3000)));
    }

    #[test]
    fn a_crowd_of_notifications_leaves_room_for_an_emergency() {
        let (mut budget, now) = budget();
        let sent = (100..200).filter(|chat| {
            let chat = ChatId(*chat);
            let free = budget.free_at(chat, Urgency::Notice, now) == Some(now);
            if free {
                says(&mut budget, chat, now);
            }
            free
        });
        assert_eq!(sent.count(), OVERALL - KEPT);
        assert_eq!(budget.free_at(ANA, Urgency::Notice, now), Some(later(now, 1000)));
        assert_eq!(budget.free_at(ANA, Urgency::Emergency, now), Some(now));
    }

    #[test]
    fn a_chat_is_spoken_to_one_message_at_a_time() {
        let (mut budget, now) = budget();
        budget.starts(ANA, now);
        assert_eq!(budget.free_at(ANA, Urgency::Emergency, now), None);
        assert_eq!(budget.free_at(ChatId(8), Urgency::Notice, now), Some(now));
    }

    #[test]
    fn a_group_hears_twenty_a_minute() {
        let (mut budget, start) = budget();
        let mut now = start;
        for _ in 0..20 {
            assert_eq!(budget.free_at(GROUP_CHAT, Urgency::Notice, now), Some(now));
            says(&mut budget, GROUP_CHAT, now);
            now = later(now, 1001);
        }
        assert_eq!(budget.free_at(GROUP_CHAT, Urgency::Answer, now), Some(later(start, 60_000)));
    }

    #[test]
    fn silence_that_telegram_asks_for_is_kept_and_quiet_chats_are_forgotten() {
        let (mut budget, now) = budget();
        budget.silence_chat(ANA, later(now, 5000));
        assert_eq!(budget.free_at(ANA, Urgency::Emergency, now), Some(later(now, 5000)));
        assert_eq!(budget.free_at(ChatId(8), Urgency::Emergency, now), Some(now));
        budget.silence(later(now, 9000));
        assert_eq!(budget.free_at(ChatId(8), Urgency::Emergency, now), Some(later(now, 9000)));
        budget.forget(later(now, 4999));
        assert_eq!(budget.remembered(), 1);
        budget.forget(later(now, 5000));
        assert_eq!(budget.remembered(), 0);
    }
}
