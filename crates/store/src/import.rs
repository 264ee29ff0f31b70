//! Rows from another system, which keep the numbers they had there.

use async_trait::async_trait;
use domain::history::HistoryEntry;
use domain::metrics::TaskMetrics;
use domain::{AuditLine, Officer, OfficerId, Task, TaskId, User, UserId};

use crate::Result;

/// Numbers that stay free past the highest one of the other system, so that rows that are made there
/// later come in under their own numbers.
pub const RESERVED_NUMBERS: i64 = 1_000_000;

/// The tables with numbers of their own.
pub const NUMBERED_TABLES: [&str; 4] = ["usuarios", "efectivos", "tareas", "historial_estados"];

/// What became of one imported row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// Added.
    Added,
    /// A row with this number is there already, and stays as it is.
    Present,
}

/// Digests of a row at the last import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPrint {
    /// Of the row in the other system.
    pub source: String,
    /// Of the row here.
    pub own: String,
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
    /// A task with its officers, deleted ones included. Assignments of a task that has ended are ended.
    async fn task(&mut self, task: &Task) -> Result<Imported>;
    /// A line of history under its number.
    async fn history(&mut self, id: i64, entry: &HistoryEntry) -> Result<Imported>;
    /// A row of metrics, by kind and priority.
    async fn metrics(&mut self, row: &TaskMetrics) -> Result<Imported>;
    /// An audit line, by its `event_id`.
    async fn audit(&mut self, line: &AuditLine) -> Result<Imported>;
    /// The user under a number, deleted or not.
    async fn stored_user(&mut self, id: UserId) -> Result<Option<User>>;
    /// The officer under a number, deleted or not.
    async fn stored_officer(&mut self, id: OfficerId) -> Result<Option<Officer>>;
    /// The task under a number, deleted or not.
    async fn stored_task(&mut self, id: TaskId) -> Result<Option<Task>>;
    /// Replaces all fields of a user.
    async fn replace_user(&mut self, user: &User) -> Result<()>;
    /// Replaces all fields of an officer.
    async fn replace_officer(&mut self, officer: &Officer) -> Result<()>;
    /// Replaces all fields of a task, and its officers by those of `task`.
    async fn replace_task(&mut self, before: &Task, task: &Task) -> Result<()>;
    /// The digests of a row, if it came by an import.
    async fn print(&mut self, table: &str, id: i64) -> Result<Option<RowPrint>>;
    /// Writes the digests of a row.
    async fn put_print(&mut self, table: &str, id: i64, print: &RowPrint) -> Result<()>;
    /// Numbers of the rows of a table that came by imports, in order.
    async fn printed(&mut self, table: &str) -> Result<Vec<i64>>;
    /// Forgets the digests of a row.
    async fn drop_print(&mut self, table: &str, id: i64) -> Result<()>;
    /// Sets every sequence past the highest number in its table.
    async fn finish(&mut self) -> Result<()>;
    /// Sets the sequence of each table so that new rows have numbers past `highest`, the highest number
    /// of the other system, and past the [`RESERVED_NUMBERS`] after it. Never moves one back.
    async fn reserve(&mut self, highest: &[(&'static str, i64)]) -> Result<()>;
}

/// Whether a task holds no officer any more, so that its assignments are over.
pub fn is_ended(task: &Task) -> bool {
    task.state.is_final() || task.deleted_at.is_some()
}

/// The officers to take off before `before` is replaced by `task`: those who left, or all where the task
/// had ended and is open again, so that they get new assignments.
pub fn replaced_officers(before: &Task, task: &Task) -> Vec<OfficerId> {
    let is_reopened = is_ended(before) && !is_ended(task);
    before.officers.iter().copied().filter(|officer| is_reopened || !task.officers.contains(officer)).collect()
}
