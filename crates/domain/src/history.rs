//! The record of a task's states.

use serde::{Deserialize, Serialize};

use crate::{TaskId, TaskState, Time, UserId};

/// One row of `historial_estados`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Of which task.
    pub task: TaskId,
    /// `None` when the task was made.
    pub from: Option<TaskState>,
    /// What it became.
    pub to: TaskState,
    /// Who did it; `None` when the system did.
    pub by: Option<UserId>,
    /// For whom, where another one did it.
    #[serde(default)]
    pub on_behalf_of: Option<UserId>,
    /// Why, in words.
    pub reason: Option<String>,
    /// When.
    pub at: Time,
}

/// The contract's motive for a change to `to`, used where the caller gives none.
pub const fn default_reason(from: Option<TaskState>, to: TaskState) -> &'static str {
    match (from, to) {
        (Some(TaskState::Scheduled), TaskState::InProgress) => "Tarea iniciada",
        (_, TaskState::Finished) => "Tarea completada",
        (_, TaskState::Cancelled) => "Tarea cancelada",
        (_, TaskState::Paused) => "Tarea pausada",
        _ => "Cambio de estado",
    }
}
