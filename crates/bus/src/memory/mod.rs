//! The bus of one process.

mod cache;
mod events;
mod presence;
mod rate_limit;

pub use cache::MemoryCache;
pub use events::MemoryEvents;
pub use presence::MemoryPresence;
pub use rate_limit::MemoryRateLimiter;
