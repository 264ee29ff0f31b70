//! What replicas tell each other at once.

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::broadcast;

/// Messages that a slow listener of this process may be behind before it misses some.
pub const BACKLOG: usize = 256;

/// A channel that reaches every replica, the sender's own included. Nothing is kept for those who
/// are away: whoever must miss nothing reads the log.
#[async_trait]
pub trait EventChannel: Send + Sync {
    /// Sends a message to all who listen now; lost when nobody can be reached.
    async fn publish(&self, message: Bytes);
    /// Listens from now on.
    fn subscribe(&self) -> broadcast::Receiver<Bytes>;
}
