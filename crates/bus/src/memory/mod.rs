//! The bus of one process.

mod cache;
mod rate_limit;

pub use cache::MemoryCache;
pub use rate_limit::MemoryRateLimiter;
