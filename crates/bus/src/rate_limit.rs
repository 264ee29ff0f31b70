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
    /// When the next may pass; zero when it may now.
    pub retry_after: Duration,
}
