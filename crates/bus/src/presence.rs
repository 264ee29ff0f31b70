//! What each replica says of itself, for as long as it is there.

use std::time::Duration;

use async_trait::async_trait;

/// What a replica says is forgotten after this time, unless it says it again.
pub const LIFE: Duration = Duration::from_secs(15);

/// A board on which every replica pins one note.
#[async_trait]
pub trait Presence: Send + Sync {
    /// Pins the note of `replica`, in the place of its last one, for `life`.
    async fn pin(&self, replica: &str, note: String, life: Duration);
    /// Takes the note of `replica` away.
    async fn unpin(&self, replica: &str);
    /// The notes of all replicas, in no order; `None` when they cannot be known.
    async fn notes(&self) -> Option<Vec<String>>;
}
