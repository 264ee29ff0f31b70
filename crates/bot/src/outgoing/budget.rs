//! How fast Telegram may be talked to. Kept by the one sender of the cluster.

use std::collections::HashMap;
use std::time::Duration;

use store::telegram::LeftOut;
use tokio::time::Instant;

use super::pace::Chat;
use super::window::Window;
use crate::model::{ChatId, Urgency};

/// Messages in any second to all chats together (Telegram's FAQ for bots).
const OVERALL: usize = 30;
/// Of these, kept for emergencies and for answers: a crowd of notifications leaves them room.
const KEPT: usize = 2;
/// Between two notifications: one after the other rather than all of a second at once, so that a
/// sender that is killed leaves few of which nobody knows whether they arrived.
const GAP: Duration = Duration::from_millis(25);
/// How much of a delay is made good at once.
const CATCH_UP: Duration = Duration::from_millis(150);
/// Refusals within this are of one cause.
const TOGETHER: Duration = Duration::from_secs(1);

/// What has been said lately, and who may not be spoken to for a while.
#[derive(Debug)]
pub struct Budget {
    overall: Window,
    /// When this sender took over.
    since: Instant,
    chats: HashMap<ChatId, Chat>,
    /// Before this, nothing is said to anybody.
    silent_until: Instant,
    /// Before this, nobody is notified.
    notices_from: Instant,
    /// The person's chat for which Telegram last asked to wait, and when.
    refused: Option<(ChatId, Instant)>,
}

impl Budget {
    /// Of a sender that has just taken over: what the one before it said in the last second counts.
    pub fn taken_over(now: Instant) -> Self {
        Self {
            overall: Window::new(OVERALL, Duration::from_secs(1)),
            since: now,
            chats: HashMap::new(),
            silent_until: now + Duration::from_secs(1),
            notices_from: now,
            refused: None,
        }
    }

    /// When a message to a chat may be sent: now, later, or `None` when only an answer can tell.
    pub fn free_at(&mut self, chat: ChatId, urgency: Urgency, now: Instant) -> Option<Instant> {
        let below = if urgency == Urgency::Notice { KEPT } else { 0 };
        let overall = self.overall.room_at(now, below)?;
        let own = self.chats.entry(chat).or_insert_with(|| Chat::new(chat, self.since)).free_at(urgency, now)?;
        let next = if urgency == Urgency::Notice { self.notices_from } else { now };
        Some(overall.max(own).max(next).max(self.silent_until))
    }

    /// Chats that need not be looked at now, and when the next of them may be spoken to again.
    pub fn left_out(&mut self, now: Instant) -> (LeftOut, Option<Instant>) {
        let (mut left, mut next) = (LeftOut::default(), None::<Instant>);
        let mut waits = |at: Option<Instant>| {
            let is_free = at.is_some_and(|at| at <= now);
            if let Some(at) = at.filter(|at| *at > now) {
                next = Some(next.map_or(at, |next| next.min(at)));
            }
            !is_free
        };
        for (chat, known) in &mut self.chats {
            if waits(known.free_at(Urgency::Answer, now)) {
                left.chats.push(*chat);
            } else if waits(known.free_at(Urgency::Notice, now)) {
                left.notices.push(*chat);
            }
        }
        (left, next)
    }

    /// A message to a chat is on its way.
    pub fn starts(&mut self, chat: ChatId, urgency: Urgency, now: Instant) {
        self.overall.starts();
        if urgency == Urgency::Notice {
            let late = now.checked_sub(CATCH_UP).unwrap_or(now);
            self.notices_from = self.notices_from.max(late) + GAP;
        }
        self.chats.entry(chat).or_insert_with(|| Chat::new(chat, self.since)).starts();
    }

    /// It was answered, or is given up.
    pub fn ends(&mut self, chat: ChatId, now: Instant) {
        self.overall.ends(now);
        if let Some(known) = self.chats.get_mut(&chat) {
            known.ends(now);
        }
    }

    /// Telegram wants nothing for this chat for a while.
    pub fn silence_chat(&mut self, chat: ChatId, until: Instant) {
        self.chats.entry(chat).or_insert_with(|| Chat::new(chat, self.since)).silence(until);
    }

    /// Telegram asked to wait, of a message to this chat. It does not say whether it means the chat or
    /// all of them. Two people at once are spoken to slowly enough, so then it means all; a group may
    /// well have heard too much by itself.
    pub fn refused(&mut self, chat: ChatId, after: Duration, now: Instant) {
        self.silence_chat(chat, now + after);
        if chat.0 < 0 {
            return;
        }
        let before = self.refused.replace((chat, now));
        if before.is_some_and(|(other, at)| other != chat && now.duration_since(at) < TOGETHER) {
            self.silence(now + after);
        }
    }

    /// Nothing at all is said for a while.
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

    /// A budget that was taken over so long ago that the sender before does not count any more.
    fn budget() -> (Budget, Instant) {
        let now = Instant::now();
        (Budget::taken_over(now), later(now, 3001))
    }

    fn says(budget: &mut Budget, chat: ChatId, now: Instant) {
        budget.starts(chat, Urgency::Answer, now);
        budget.ends(chat, now);
    }

    #[test]
    fn a_new_sender_says_nothing_for_a_second() {
        let now = Instant::now();
        let mut budget = Budget::taken_over(now);
        assert_eq!(budget.free_at(ANA, Urgency::Emergency, now), Some(later(now, 1000)));
    }

    #[test]
    fn a_new_sender_takes_the_burst_of_each_chat_for_used() {
        let start = Instant::now();
        let mut budget = Budget::taken_over(start);
        for second in 1..=3 {
            let now = later(start, second * 1000);
            assert_eq!(budget.free_at(ANA, Urgency::Answer, now), Some(now));
            says(&mut budget, ANA, now);
            assert_eq!(budget.free_at(ANA, Urgency::Answer, now), Some(later(now, 1000)));
        }
    }

    #[test]
    fn an_answer_may_come_in_a_burst_and_a_notification_waits() {
        let (mut budget, now) = budget();
        says(&mut budget, ANA, now);
        assert_eq!(budget.free_at(ANA, Urgency::Answer, now), Some(now));
        assert_eq!(budget.free_at(ANA, Urgency::Notice, now), Some(later(now, 1000)));
        says(&mut budget, ANA, now);
        says(&mut budget, ANA, now);
        assert_eq!(budget.free_at(ANA, Urgency::Emergency, now), Some(later(now, 1000)));
        assert_eq!(budget.free_at(ANA, Urgency::Notice, now), Some(later(now, 3000)));
    }

    #[test]
    fn after_a_burst_answers_come_one_a_second() {
        let (mut budget, start) = budget();
        for _ in 0..3 {
            says(&mut budget, ANA, start);
        }
        for second in 1..=20 {
            let now = later(start, second * 1000);
            assert_eq!(budget.free_at(ANA, Urgency::Answer, now - Duration::from_millis(1)), Some(now));
            says(&mut budget, ANA, now);
        }
    }

    #[test]
    fn a_crowd_of_notifications_leaves_room_for_an_emergency() {
        let (mut budget, now) = budget();
        for chat in 0..28 {
            says(&mut budget, ChatId(100 + chat), now);
        }
        assert_eq!(budget.free_at(ANA, Urgency::Notice, now), Some(later(now, 1000)));
        assert_eq!(budget.free_at(ANA, Urgency::Emergency, now), Some(now));
    }

    #[test]
    fn notifications_go_one_after_the_other() {
        let (mut budget, now) = budget();
        let mut at_once = 0;
        while budget.free_at(ChatId(at_once), Urgency::Notice, now) == Some(now) {
            budget.starts(ChatId(at_once), Urgency::Notice, now);
            at_once += 1;
        }
        assert_eq!(at_once, 7, "what a delay has cost is made good, and no more");
        assert_eq!(budget.free_at(ChatId(99), Urgency::Notice, now), Some(now + GAP));
        assert_eq!(budget.free_at(ChatId(99), Urgency::Emergency, now), Some(now));
    }

    #[test]
    fn a_chat_is_spoken_to_one_message_at_a_time() {
        let (mut budget, now) = budget();
        budget.starts(ANA, Urgency::Answer, now);
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
    fn what_need_not_be_looked_at_is_named_with_its_end() {
        let (mut budget, now) = budget();
        assert_eq!(budget.left_out(now), (LeftOut::default(), None));
        says(&mut budget, ANA, now);
        budget.starts(ChatId(8), Urgency::Answer, now);
        budget.silence_chat(ChatId(9), later(now, 5000));
        let (mut left, next) = budget.left_out(now);
        left.chats.sort_by_key(|chat| chat.0);
        assert_eq!((left.chats, left.notices), (vec![ChatId(8), ChatId(9)], vec![ANA]));
        assert_eq!(next, Some(later(now, 1000)));
    }

    #[test]
    fn refusals_of_two_people_at_once_are_meant_for_all_and_those_of_groups_are_not() {
        let (mut budget, now) = budget();
        let free = |budget: &mut Budget| budget.free_at(ChatId(99), Urgency::Answer, now) == Some(now);
        budget.refused(GROUP_CHAT, Duration::from_secs(40), now);
        budget.refused(ChatId(-1_002), Duration::from_secs(40), now);
        budget.refused(ANA, Duration::from_secs(3), now);
        budget.refused(ANA, Duration::from_secs(3), now);
        assert!(free(&mut budget));
        budget.refused(ChatId(8), Duration::from_secs(3), now);
        assert_eq!(budget.free_at(ChatId(99), Urgency::Answer, now), Some(later(now, 3000)));
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
