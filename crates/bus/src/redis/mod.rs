//! The bus of many replicas, on Redis. Redis is never the truth: while it is away, what it shares
//! is shared a little later or not at all, and no request fails.

mod address;
mod cache;
mod events;
mod failure;
mod link;
mod presence;
mod rate_limit;

pub use address::{RedisAddress, RedisAddressError};
pub use cache::RedisCache;
pub use events::RedisEvents;
pub use failure::RedisFailure;
pub use link::Link;
pub use presence::RedisPresence;
pub use rate_limit::RedisRateLimiter;
