//! What replicas share besides the record: cache and rate limits. The memory twins serve one
//! process; a failure of the bus never fails a request.

mod cache;
mod rate_limit;

pub mod memory;

use std::sync::Arc;

pub use cache::{Cache, CacheStats, PREFIX};
pub use rate_limit::{Decision, RateLimiter};

/// Handles to the bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    /// Answers that may be a little old.
    pub cache: Arc<dyn Cache>,
    /// Who asks too often.
    pub rate_limiter: Arc<dyn RateLimiter>,
}

impl Bus {
    /// A bus inside this process.
    pub fn memory() -> Self {
        Self { cache: Arc::new(memory::MemoryCache::new()), rate_limiter: Arc::new(memory::MemoryRateLimiter::new()) }
    }
}
