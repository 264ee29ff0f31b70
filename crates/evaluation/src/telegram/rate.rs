//! How fast a bot may talk.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::breach::Kind;

/// Messages a second in all.
const OVERALL: usize = 30;
/// Messages at once in a chat that has been quiet.
const BURST: f64 = 3.0;
/// Messages a minute in a group.
const GROUP: usize = 20;

/// What was said lately.
#[derive(Default)]
pub struct Rates {
    overall: VecDeque<Instant>,
    chats: HashMap<i64, Bucket>,
    groups: HashMap<i64, VecDeque<Instant>>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    /// Counts one message more, or says which limit it breaks and how many seconds to wait.
    pub fn admit(&mut self, now: Instant, chat: i64, group: bool) -> Result<(), (Kind, u64)> {
        forget(&mut self.overall, now, Duration::from_secs(1));
        if self.overall.len() >= OVERALL {
            return Err((Kind::TooFast, 1));
        }
        let bucket = self.chats.entry(chat).or_insert(Bucket { left: BURST, at: now });
        let left = (bucket.left + now.duration_since(bucket.at).as_secs_f64()).min(BURST);
        if left < 1.0 {
            return Err((Kind::TooFastInChat, 1));
        }
        if group {
            let said = self.groups.entry(chat).or_default();
            forget(said, now, Duration::from_secs(60));
            if said.len() >= GROUP {
                let wait = said.front().map_or(60, |first| 61 - now.duration_since(*first).as_secs().min(60));
                return Err((Kind::TooFastInGroup, wait));
            }
            said.push_back(now);
        }
        *bucket = Bucket { left: left - 1.0, at: now };
        self.overall.push_back(now);
        Ok(())
    }
}

fn forget(said: &mut VecDeque<Instant>, now: Instant, window: Duration) {
    while said.front().is_some_and(|first| now.duration_since(*first) >= window) {
        said.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(rates: &mut Rates, now: Instant, chat: i64, group: bool) -> usize {
        (0..100).take_while(|_| rates.admit(now, chat, group).is_ok()).count()
    }

    #[tokio::test(start_paused = true)]
    async fn a_chat_hears_a_short_burst_and_then_one_a_second() {
        let (mut rates, start) = (Rates::default(), Instant::now());
        assert_eq!(admitted(&mut rates, start, 1, false), 3);
        assert_eq!(rates.admit(start, 1, false), Err((Kind::TooFastInChat, 1)));
        assert_eq!(admitted(&mut rates, start + Duration::from_secs(2), 1, false), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn all_chats_together_hear_thirty_a_second() {
        let (mut rates, start) = (Rates::default(), Instant::now());
        assert_eq!((0..40).filter(|chat| rates.admit(start, *chat, false).is_ok()).count(), 30);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..40).filter(|chat| rates.admit(later, *chat, false).is_ok()).count(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_hears_twenty_a_minute() {
        let (mut rates, start) = (Rates::default(), Instant::now());
        let heard = (0..50).filter(|s| rates.admit(start + Duration::from_secs(*s), -1, true).is_ok()).count();
        assert_eq!(heard, 20);
        assert_eq!(rates.admit(start + Duration::from_secs(50), -1, true), Err((Kind::TooFastInGroup, 11)));
        assert!(rates.admit(start + Duration::from_secs(61), -1, true).is_ok());
    }
}
