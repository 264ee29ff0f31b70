//! `historial_estados`.

use async_trait::async_trait;
use domain::TaskId;
use domain::history::HistoryEntry;

use crate::Result;

/// The states that tasks went through.
#[async_trait]
pub trait HistoryRepo: Send {
    /// Adds one.
    async fn push(&mut self, entry: &HistoryEntry) -> Result<()>;
    /// Those of one task, oldest first.
    async fn of_task(&mut self, task: TaskId) -> Result<Vec<HistoryEntry>>;
}
