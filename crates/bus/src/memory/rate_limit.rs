//! Rate limits of this process.
//!
//! A sliding window by two counters: the requests of the present window, and those of the one
//! before in proportion to what of it still lies in the past `window`. `governor` was turned
//! down: its quota belongs to the limiter and not to the question, so that each limit of the
//! contract would need a limiter of its own, and its GCRA lets no burst of `limit` through
//! after an idle window as the contract's sliding window does.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use crate::rate_limit::{Decision, RateLimiter};

/// Most buckets that are remembered; the ones used longest ago are forgotten first.
const BUCKETS: u64 = 100_000;

/// Counts in memory.
pub struct MemoryRateLimiter {
    // The inner lock is held for a few instructions only.
    buckets: moka::sync::Cache<String, Arc<Mutex<Window>>>,
    start: Instant,
}

#[derive(Default)]
struct Window {
    number: u64,
    count: u32,
    before: u32,
}

impl Window {
    /// How many windows must pass until one more is let through, `gone` (0 to 1) of this one being
    /// over: less than two, unless `limit` is nothing.
    fn wait(&self, limit: u32, gone: f64) -> f64 {
        let (count, before, room) = (f64::from(self.count), f64::from(self.before), f64::from(limit) - 1.0);
        if count <= room && before > 0.0 {
            // What was counted before loses weight as this window goes on.
            (1.0 - (room - count) / before - gone).max(0.0)
        } else {
            // This window is full; what fills it loses weight in the next.
            1.0 - gone + (1.0 - room / count.max(1.0)).clamp(0.0, 1.0)
        }
    }
}

impl MemoryRateLimiter {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let buckets = moka::sync::Cache::builder().max_capacity(BUCKETS).time_to_idle(Duration::from_secs(600)).build();
        Self { buckets, start: Instant::now() }
    }

    fn count(&self, bucket: &str, limit: u32, window: Duration, now: Duration) -> Decision {
        let entry = self.buckets.get_with_by_ref(bucket, Arc::default);
        let length = window.as_secs_f64().max(0.001);
        let place = now.as_secs_f64() / length;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "time since start is positive")]
        let number = place as u64;
        // A poisoned lock only means that some thread fell over; the counts are still counts.
        let mut state = entry.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if state.number != number {
            state.before = if state.number + 1 == number { state.count } else { 0 };
            state.count = 0;
            state.number = number;
        }
        let gone = place.fract();
        let used = f64::from(state.count) + f64::from(state.before) * (1.0 - gone);
        let allowed = used + 1.0 <= f64::from(limit);
        if allowed {
            state.count += 1;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most limit, never negative")]
        let remaining = (f64::from(limit) - used - f64::from(u8::from(allowed))).max(0.0) as u32;
        let retry_after =
            if allowed { Duration::ZERO } else { Duration::from_secs_f64(length * state.wait(limit, gone)) };
        Decision { allowed, limit, remaining, retry_after }
    }
}

impl Default for MemoryRateLimiter {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl RateLimiter for MemoryRateLimiter {
    async fn check(&self, bucket: &str, limit: u32, window: Duration) -> Decision {
        self.count(bucket, limit, window, self.start.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_window_refuses_and_the_next_lets_through_again() {
        let limiter = MemoryRateLimiter::new();
        let minute = Duration::from_secs(60);
        let at = |seconds| limiter.count("user:1", 3, minute, Duration::from_secs(seconds));
        assert_eq!([at(0).allowed, at(1).allowed, at(2).allowed, at(3).allowed], [true, true, true, false]);
        assert!(at(3).retry_after > Duration::from_secs(50));
        assert!(!at(61).allowed, "the requests of a minute ago still count");
        assert!(at(125).allowed);
        assert!(limiter.count("user:2", 3, minute, Duration::from_secs(3)).allowed, "another bucket is not touched");
    }
    #[test]
    fn who_waits_as_long_as_told_is_let_through_and_a_second_sooner_is_not() {
        let second = Duration::from_secs(1);
        for asked in [[0, 0, 0], [10, 20, 59], [58, 59, 61], [59, 61, 62]] {
            let ask = |at: Duration| {
                let limiter = MemoryRateLimiter::new();
                let count = |at| limiter.count("user:1", 3, Duration::from_secs(60), at);
                for seconds in asked {
                    assert!(count(Duration::from_secs(seconds)).allowed);
                }
                (count(Duration::from_secs(asked[2])), count(at))
            };
            let told = ask(Duration::from_secs(asked[2])).0.retry_after;
            let then = Duration::from_secs(asked[2]) + told;
            assert!(ask(then + Duration::from_millis(1)).1.allowed, "{asked:?}: told to wait {told:?}");
            assert!(told < second || !ask(then.saturating_sub(second)).1.allowed, "{asked:?}: told to wait {told:?}");
        }
    }
}
