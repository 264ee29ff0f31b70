//! The channel of one process.

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::broadcast;

use crate::events::{BACKLOG, EventChannel};

/// Reaches those who listen in this process.
pub struct MemoryEvents(broadcast::Sender<Bytes>);

impl MemoryEvents {
    /// A channel to which nobody listens yet.
    pub fn new() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Default for MemoryEvents {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl EventChannel for MemoryEvents {
    async fn publish(&self, message: Bytes) {
        // An error only says that nobody listens.
        let _ = self.0.send(message);
    }

    fn subscribe(&self) -> broadcast::Receiver<Bytes> {
        self.0.subscribe()
    }
}
