//! Rows from another system, which keep the numbers they had there.

use async_trait::async_trait;
use domain::history::HistoryEntry;
use domain::metrics::TaskMetrics;
use domain::{AuditLine, Officer, Task, User};
use uuid::Uuid;

use crate::Result;

/// The tables whose rows have a uuid beside their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// `usuarios`.
    User,
    /// `efectivos`.
    Officer,
    /// `tareas`.
    Task,
}

impl Numbered {
    /// The table's name on both stores.
    pub const fn table(self) -> &'static str {
        match self {
            Self::User => "usuarios",
            Self::Officer => "efectivos",
            Self::Task => "tareas",
        }
    }
}

/// What became of one imported row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// Added.
    Added,
    /// A row with this number is there already, and stays as it is.
    Present,
}

/// Rows with numbers of their own. Each call that adds nothing changes nothing.
///
/// # Errors
/// A conflict with the rule that the row breaks. The transaction stays usable: each row stands
/// under a savepoint.
#[async_trait]
pub trait ImportRepo: Send {
    /// A user with the stored password hash, deleted ones included.
    async fn user(&mut self, user: &User, password_hash: Option<&str>) -> Result<Imported>;
    /// An officer, deleted ones included.
    async fn officer(&mut self, officer: &Officer) -> Result<Imported>;
    /// A task with its officers, deleted ones included.
    async fn task(&mut self, task: &Task) -> Result<Imported>;
    /// A line of history under its number.
    async fn history(&mut self, id: i64, entry: &HistoryEntry) -> Result<Imported>;
    /// A row of metrics, by kind and priority.
    async fn metrics(&mut self, row: &TaskMetrics) -> Result<Imported>;
    /// An audit line, by its `event_id`.
    async fn audit(&mut self, line: &AuditLine) -> Result<Imported>;
    /// The uuid of the row that has a number, deleted ones included: it tells whether a row that
    /// is [`Imported::Present`] is the same one or another that took the number.
    async fn uuid_of(&mut self, kind: Numbered, id: i64) -> Result<Option<Uuid>>;
    /// Sets every sequence past the highest number in its table.
    async fn finish(&mut self) -> Result<()>;
}
