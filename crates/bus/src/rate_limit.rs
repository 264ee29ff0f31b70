//! Who asks too often.

use std::time::Duration;

use async_trait::async_trait;

/// Counts requests by bucket over a sliding window (contract §7.3).
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Counts one request in `bucket` and says whether it is within `limit` a `window`.
    async fn check(&self, bucket: &str, limit: u32, window: Duration) -> Decision;
}

/// What the limiter says of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may pass.
    pub allowed: bool,
    /// How many may pass in a window.
    pub limit: u32,
    /// How many more may pass now.
    pub remaining: u32,
    /// When the next may pass; zero when it may now. A client that waits exactly this long is
    /// admitted if nothing else was counted in its bucket.
    pub retry_after: Duration,
}

/// What is remembered of a bucket: how many requests passed in the last window that any passed in,
/// and in the one before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Window {
    pub number: u64,
    pub count: u64,
    pub before: u64,
}

/// A duration as the algorithm has it.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Counts one request at `now` (milliseconds) where `limit` may pass in a window of `length`
/// milliseconds: those of the present window, and of the one before the part that still lies within
/// the last `length`. Whole numbers only, so that the script in Redis gives the same.
///
/// Not GCRA: that lets a full burst through and then one more every `length / limit`, which is twice
/// the limit in the first window.
pub(crate) fn count(state: Window, limit: u32, length: u64, now: u64) -> (Window, Decision) {
    let (length, allowed_in_all) = (length.max(1), u64::from(limit));
    // A clock that was set back a little stands still until it has caught up.
    let is_earlier = state.number == now / length + 1;
    let number = if is_earlier { state.number } else { now / length };
    let gone = if is_earlier { 0 } else { now % length };
    let until_then = (number * length).saturating_sub(now);
    let mut state = match number.checked_sub(state.number) {
        Some(0) => state,
        Some(1) => Window { number, count: 0, before: state.count },
        _ => Window { number, count: 0, before: 0 },
    };
    let used = state.count * length + state.before * (length - gone);
    let room = (allowed_in_all * length).saturating_sub(used);
    let allowed = room >= length;
    if allowed {
        state.count += 1;
    }
    let remaining = room / length - u64::from(allowed);
    let wait = if allowed { 0 } else { until_then + wait(state, allowed_in_all, length, gone) };
    let decision = Decision {
        allowed,
        limit,
        remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
        retry_after: Duration::from_millis(wait),
    };
    (state, decision)
}

/// Milliseconds until one more may pass, `gone` of the present window being over: at most two
/// windows.
fn wait(state: Window, limit: u64, length: u64, gone: u64) -> u64 {
    if limit == 0 {
        return 2 * length;
    }
    // How much of a window must be over before `older` requests of the window before leave room for
    // one beside `newer`.
    let over = |older: u64, newer: u64| length.saturating_sub((limit - 1 - newer) * length / older.max(1));
    if state.count < limit {
        over(state.before, state.count).saturating_sub(gone)
    } else {
        length - gone + over(state.count, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bucket, asked at some times.
    struct Asked(Window, u32, u64);

    impl Asked {
        fn at(&mut self, now: u64) -> Decision {
            let (state, decision) = count(self.0, self.1, self.2, now);
            self.0 = state;
            decision
        }
    }

    #[test]
    fn a_full_window_refuses_and_the_next_lets_through_again() {
        let mut bucket = Asked(Window::default(), 3, 60_000);
        assert_eq!([0, 1000, 2000, 3000].map(|at| bucket.at(at).allowed), [true, true, true, false]);
        assert_eq!(bucket.at(3000).retry_after, Duration::from_secs(57 + 20));
        assert!(!bucket.at(61_000).allowed, "the requests of a minute ago still count");
        assert!(bucket.at(125_000).allowed);
    }

    #[test]
    fn a_client_that_waits_as_long_as_it_must_is_admitted_and_sooner_it_is_not() {
        let mut seed = 7_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..20_000 {
            let (limit, length) = (u32::try_from(1 + random(40)).unwrap(), 1 + random(90_000));
            let (mut bucket, mut now) = (Asked(Window::default(), limit, length), random(1_000_000));
            for _ in 0..random(120) {
                bucket.at(now);
                let step = random(length / 8 + 1);
                now = if random(20) == 0 { now - step.min(now) } else { now + step };
            }
            let (after, refused) = count(bucket.0, limit, length, now);
            if refused.allowed {
                continue;
            }
            let wait = u64::try_from(refused.retry_after.as_millis()).unwrap();
            assert!((1..=3 * length).contains(&wait), "{limit} in {length}: {wait}");
            assert!(count(after, limit, length, now + wait).1.allowed, "{limit} in {length}: after {wait}");
            assert!(!count(after, limit, length, now + wait - 1).1.allowed, "{limit} in {length}: before {wait}");
        }
    }

    #[test]
    fn a_clock_that_goes_back_opens_nothing_and_closes_nothing_for_long() {
        let mut bucket = Asked(Window::default(), 2, 1000);
        assert_eq!([5000, 5000, 5000, 4990].map(|at| bucket.at(at).allowed), [true, true, false, false]);
        assert!(bucket.at(1000).allowed, "far back counts as a new beginning");
        let mut none = Asked(Window::default(), 0, 1000);
        assert_eq!((none.at(0).allowed, none.at(0).retry_after), (false, Duration::from_secs(2)));
    }
}
