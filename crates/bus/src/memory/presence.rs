//! The board of one process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use crate::presence::Presence;

/// Notes in memory.
#[derive(Default)]
pub struct MemoryPresence {
    // A std mutex: held only to look at or change the table, never across an await.
    notes: Mutex<HashMap<String, (Instant, String)>>,
}

impl MemoryPresence {
    /// An empty board.
    pub fn new() -> Self {
        Self::default()
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Instant, String)>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Presence for MemoryPresence {
    async fn pin(&self, replica: &str, note: String, life: Duration) {
        self.notes().insert(replica.to_owned(), (Instant::now() + life, note));
    }

    async fn unpin(&self, replica: &str) {
        self.notes().remove(replica);
    }

    async fn notes(&self) -> Option<Vec<String>> {
        let now = Instant::now();
        let mut notes = MemoryPresence::notes(self);
        notes.retain(|_, (until, _)| *until > now);
        Some(notes.values().map(|(_, note)| note.clone()).collect())
    }
}
