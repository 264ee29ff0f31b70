//! What replicas share besides the record: events at once, a cache, rate limits, presence. The
//! memory twins serve one process; a failure of the bus never fails a request.

mod cache;
mod events;
mod presence;
mod rate_limit;

pub mod memory;
pub mod redis;

use std::sync::Arc;

use resilience::Tasks;

pub use cache::{Cache, CacheStats, Generation, Lookup, PREFIX};
pub use events::EventChannel;
pub use presence::{LIFE, Presence};
pub use rate_limit::{Decision, RateLimiter};

use crate::redis::{Link, RedisAddress, RedisAddressError, RedisCache, RedisEvents, RedisPresence, RedisRateLimiter};

/// The channel over which replicas tell each other of events.
const CHANNEL: &str = "gad:eventos";

/// Handles to the bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    /// Answers that may be a little old.
    pub cache: Arc<dyn Cache>,
    /// What replicas tell each other.
    pub events: Arc<dyn EventChannel>,
    /// Which replicas there are.
    pub presence: Arc<dyn Presence>,
    /// Who asks too often.
    pub rate_limiter: Arc<dyn RateLimiter>,
    /// The connection that all of them share, when there is one.
    pub link: Option<Link>,
}

impl Bus {
    /// A bus inside this process.
    pub fn memory() -> Self {
        Self {
            cache: Arc::new(memory::MemoryCache::new()),
            events: Arc::new(memory::MemoryEvents::new()),
            presence: Arc::new(memory::MemoryPresence::new()),
            rate_limiter: Arc::new(memory::MemoryRateLimiter::new()),
            link: None,
        }
    }

    /// A bus between replicas, over the Redis at `address`, which need not be there yet. It listens by
    /// a task of `tasks`.
    ///
    /// # Errors
    /// When the library cannot use the address.
    pub fn redis(address: &RedisAddress, tasks: &Tasks) -> Result<Self, RedisAddressError> {
        let link = Link::new(address).map_err(RedisAddressError::Client)?;
        Ok(Self {
            cache: Arc::new(RedisCache::new(link.clone())),
            events: Arc::new(RedisEvents::start(link.clone(), CHANNEL, tasks)),
            presence: Arc::new(RedisPresence::new(link.clone())),
            rate_limiter: Arc::new(RedisRateLimiter::new(link.clone())),
            link: Some(link),
        })
    }
}
