//! `tareas` and `tarea_efectivos`.

use async_trait::async_trait;
use domain::task::NewTask;
use domain::{GeoBox, OfficerId, Priority, Task, TaskCode, TaskId, TaskKind, TaskState, Time, UserId, search};

use crate::{Page, Result};

/// Which tasks a list shows. Every field narrows it; empty ones do not.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// Only those that this user delegates, or is assigned to as an officer.
    pub visible_to: Option<UserId>,
    /// Any of these states.
    pub states: Vec<TaskState>,
    /// Any of these kinds.
    pub kinds: Vec<TaskKind>,
    /// Any of these priorities.
    pub priorities: Vec<Priority>,
    /// Who answers for it.
    pub delegate: Option<UserId>,
    /// Who made it.
    pub creator: Option<UserId>,
    /// Who is sent.
    pub officer: Option<OfficerId>,
    /// Words of [`domain::search::words`], each the beginning of a word of code, title,
    /// description or place. A search without a word fits nothing.
    pub search: Option<Vec<String>>,
    /// Programmed to start at or after.
    pub starts_from: Option<Time>,
    /// Programmed to start before.
    pub starts_before: Option<Time>,
    /// Located in this box.
    pub within: Option<GeoBox>,
    /// Emergencies that wait for an officer.
    pub awaits_officer: Option<bool>,
}

impl TaskFilter {
    /// Tasks that hold all words of a search. A search without letters and digits fits no task; a blank one is
    /// none.
    #[must_use]
    pub fn with_search(self, text: &str) -> Self {
        Self { search: (!text.trim().is_empty()).then(|| search::words(text)), ..self }
    }
}

/// Tasks. Deleted ones are invisible to every look-up.
#[async_trait]
pub trait TaskRepo: Send {
    /// By number.
    async fn by_id(&mut self, id: TaskId) -> Result<Option<Task>>;
    /// By number, and kept unchanged until the end of the transaction.
    async fn lock(&mut self, id: TaskId) -> Result<Option<Task>>;
    /// By short name.
    async fn by_code(&mut self, code: &TaskCode) -> Result<Option<Task>>;
    /// In the order of the page.
    async fn list(&mut self, filter: &TaskFilter, page: Page) -> Result<Vec<Task>>;
    /// How many there are.
    async fn count(&mut self, filter: &TaskFilter) -> Result<i64>;
    /// Makes a task without officers, in state `programada`.
    async fn insert(&mut self, task: &NewTask) -> Result<Task>;
    /// Writes all fields but `officers` and counts the version up; gives the new version. A
    /// state that begins or ends the hold on officers moves `tarea_efectivos.activa` with it.
    ///
    /// # Errors
    /// [`crate::Error::Stale`] when the stored version is not `task.version`; a conflict with
    /// [`crate::Rule::OneActiveTask`] when an officer of the task has another active one.
    async fn save(&mut self, task: &Task) -> Result<i64>;
    /// Sends officers to a task. One who is sent already stays so.
    ///
    /// # Errors
    /// A conflict with [`crate::Rule::OneActiveTask`] or [`crate::Rule::UnknownOfficer`].
    async fn assign(&mut self, task: TaskId, officers: &[OfficerId], by: Option<UserId>, at: Time) -> Result<()>;
    /// Takes officers off a task. One who was not sent stays so.
    async fn unassign(&mut self, task: TaskId, officers: &[OfficerId]) -> Result<()>;
    /// By number and kept unchanged, unless another transaction holds it: then `None`.
    async fn try_lock(&mut self, id: TaskId) -> Result<Option<Task>>;
    /// Emergencies that wait for an officer and may be given one at `now`, in the order in which they
    /// were made, at most `limit`, after the one that `after` names. Nothing is locked.
    async fn waiting(&mut self, now: Time, after: Option<(Time, TaskId)>, limit: u32) -> Result<Vec<Task>>;
    /// Emergencies of a user that have not ended, made at or after `since`, the newest first, at most
    /// `limit`.
    async fn emergencies_of(&mut self, creator: UserId, since: Time, limit: u32) -> Result<Vec<Task>>;
    /// Tasks that are not ended and were to end after `from` and not after `to`, the earliest first, at
    /// most `limit`. With a task, `from` is the place of that task in this order.
    async fn overdue(&mut self, from: (Time, Option<TaskId>), to: Time, limit: u32) -> Result<Vec<Task>>;
}
