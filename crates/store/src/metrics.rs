//! `metricas_tareas`.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::metrics::TaskMetrics;
use domain::{Priority, TaskKind};

use crate::Result;

/// Figures over the tasks of one kind and priority.
#[async_trait]
pub trait MetricsRepo: Send {
    /// All rows, by kind and priority.
    async fn all(&mut self) -> Result<Vec<TaskMetrics>>;
    /// Pairs of which a task ended after their row was last reckoned, less `overlap` (for
    /// transactions that committed late), or that have ended tasks and no row; by kind and
    /// priority. A task that was called off before it began ended when it last changed.
    async fn outdated(&mut self, overlap: TimeDelta) -> Result<Vec<(TaskKind, Priority)>>;
    /// Hours of the finished tasks of a pair, and the number of cancelled ones.
    async fn durations(&mut self, kind: TaskKind, priority: Priority) -> Result<(Vec<f64>, u64)>;
    /// Writes a row, new or not.
    async fn put(&mut self, row: &TaskMetrics) -> Result<()>;
}
