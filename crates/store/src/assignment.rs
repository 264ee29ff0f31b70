//! `asignaciones` and `asignacion_pasos`: the lifecycle of sending officers to tasks.

use async_trait::async_trait;
use domain::assignment::{Assignment, AssignmentStep, NewAssignment};
use domain::{AssignmentId, OfficerId, TaskId, Time};

use crate::Result;

/// Assignments and offers. Whoever changes them holds the lock of their task.
#[async_trait]
pub trait AssignmentRepo: Send {
    /// Adds one with its first step.
    ///
    /// # Errors
    /// A conflict with [`crate::Rule::OneOpenAssignment`] when the officer has an open one of the task.
    async fn insert(&mut self, new: &NewAssignment) -> Result<Assignment>;
    /// Writes kind, state and deadline, and adds steps.
    async fn save(&mut self, assignment: &Assignment, added: &[AssignmentStep]) -> Result<()>;
    /// By number.
    async fn by_id(&mut self, id: AssignmentId) -> Result<Option<Assignment>>;
    /// Those of some tasks, in order of task and number.
    async fn of_tasks(&mut self, tasks: &[TaskId]) -> Result<Vec<Assignment>>;
    /// Open ones of an officer in tasks that have not ended and are not deleted, by number.
    async fn open_of_officer(&mut self, officer: OfficerId) -> Result<Vec<Assignment>>;
    /// Sent, not accepted, running at `now`, of tasks that have not ended, by the time from which they
    /// run and number; at most `limit`, after the one that `after` names.
    async fn unanswered(
        &mut self,
        now: Time,
        after: Option<(Time, AssignmentId)>,
        limit: u32,
    ) -> Result<Vec<Assignment>>;
    /// How many of them there are at `now`.
    async fn count_unanswered(&mut self, now: Time) -> Result<i64>;
    /// Open ones of officers who are deleted, or whose account is not active, in tasks that have not
    /// ended; by number, at most `limit`.
    async fn of_departed(&mut self, limit: u32) -> Result<Vec<Assignment>>;
}
