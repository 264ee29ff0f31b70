//! Rate limits of this process. `governor` was turned down: its quota belongs to the limiter and not
//! to the question, so that each limit of the contract would need a limiter of its own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use crate::rate_limit::{Decision, RateLimiter, Window, count, millis};

/// Most buckets that are remembered; the ones used longest ago are forgotten first.
const BUCKETS: u64 = 100_000;

/// Counts in memory.
pub struct MemoryRateLimiter {
    // The inner lock is held for a few instructions only.
    buckets: moka::sync::Cache<String, Arc<Mutex<Window>>>,
    start: Instant,
}

impl MemoryRateLimiter {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let buckets = moka::sync::Cache::builder().max_capacity(BUCKETS).time_to_idle(Duration::from_secs(600)).build();
        Self { buckets, start: Instant::now() }
    }

    /// Counts one request at a time of one's own, since an epoch of one's own; for tests.
    pub fn check_at(&self, bucket: &str, limit: u32, window: Duration, now: Duration) -> Decision {
        let entry = self.buckets.get_with_by_ref(bucket, Arc::default);
        // A poisoned lock only means that a thread panicked; the counts are still counts.
        let mut state = entry.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, decision) = count(*state, limit, millis(window), millis(now));
        *state = next;
        decision
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
        self.check_at(bucket, limit, window, self.start.elapsed())
    }
}
