//! At most so many in any stretch of time, wherever on the way they are counted.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// At most `most` in any `span`, as the other end counts.
///
/// The other end counts a call at some time between its start here and its answer here. So a call
/// counts from its start until `span` after its answer: had the other end more than `most` in one
/// `span`, then at the start of the last of them all others would have been counted here. `governor`
/// and its like count at the start only: what the network delays then arrives together, and too fast.
#[derive(Debug)]
pub struct Window {
    most: usize,
    span: Duration,
    under_way: usize,
    answered: VecDeque<Instant>,
}

impl Window {
    /// Nothing counted yet.
    pub fn new(most: usize, span: Duration) -> Self {
        Self { most, span, under_way: 0, answered: VecDeque::new() }
    }

    /// Whether one more may start; `below` of the whole are kept for others.
    pub fn has_room(&mut self, now: Instant, below: usize) -> bool {
        self.forget(now);
        self.under_way + self.answered.len() + below < self.most
    }

    /// When there will be room for what answers have used up; `None` while only answers can tell.
    pub fn room_at(&mut self, now: Instant, below: usize) -> Option<Instant> {
        if self.has_room(now, below) {
            return Some(now);
        }
        let over = self.under_way + self.answered.len() + below + 1 - self.most;
        self.answered.get(over - 1).map(|answered| *answered + self.span)
    }

    /// One starts.
    pub const fn starts(&mut self) {
        self.under_way += 1;
    }

    /// One was answered, or is given up.
    pub fn ends(&mut self, now: Instant) {
        self.under_way -= 1;
        self.answered.push_back(now);
    }

    /// Whether nothing is counted any more.
    pub fn is_quiet(&mut self, now: Instant) -> bool {
        self.forget(now);
        self.under_way == 0 && self.answered.is_empty()
    }

    fn forget(&mut self, now: Instant) {
        while self.answered.front().is_some_and(|answered| now.duration_since(*answered) > self.span) {
            self.answered.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However long each call takes and wherever in it it is counted.
        #[test]
        fn no_stretch_of_time_holds_more(
            calls in prop::collection::vec((0_u64..400, 0_u64..300, 0.0_f64..=1.0), 1..200),
        ) {
            let (most, span) = (5, Duration::from_millis(1000));
            let mut window = Window::new(most, span);
            let zero = Instant::now();
            let mut now = zero;
            let mut under_way: Vec<Instant> = Vec::new();
            let mut counted = Vec::new();
            for (pause, takes, part) in calls {
                now += Duration::from_millis(pause);
                under_way.sort();
                under_way.retain(|end| *end > now || { window.ends(*end); false });
                if window.has_room(now, 0) {
                    window.starts();
                    let takes = Duration::from_millis(takes);
                    under_way.push(now + takes);
                    counted.push(now + takes.mul_f64(part));
                }
            }
            counted.sort();
            for few in counted.windows(most + 1) {
                prop_assert!(few[most].duration_since(few[0]) >= span, "{few:?}");
            }
        }
    }

    #[test]
    fn room_comes_when_the_oldest_answer_is_forgotten() {
        let (mut window, now) = (Window::new(2, Duration::from_secs(1)), Instant::now());
        window.starts();
        window.starts();
        assert_eq!((window.has_room(now, 0), window.room_at(now, 0)), (false, None));
        window.ends(now);
        assert_eq!(window.room_at(now, 0), Some(now + Duration::from_secs(1)));
        let later = now + Duration::from_millis(1001);
        assert!(window.has_room(later, 0) && !window.has_room(later, 1));
    }
}
