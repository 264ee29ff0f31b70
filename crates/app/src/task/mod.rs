//! Tasks.

mod change;
mod create;
mod finish;
mod list;
mod mine;
mod progress;
mod read;
mod respond;

use domain::{OfficerId, TaskState};

pub use change::{delete, update};
pub use create::{NewTaskInput, create};
pub use finish::{Finished, finish};
pub use list::{count, list};
pub use mine::mine;
pub(crate) use progress::{
    Choice, Step, push_history, push_state, send, settle, step, step_without_lifecycle, updated_event,
};
pub(crate) use read::check_visible;
pub use read::{by_id, history, is_code_taken, officer_name};
pub use respond::{Response, respond};

/// What to change in a task.
#[derive(Debug, Clone, Default)]
pub struct TaskChange {
    /// Fields.
    pub edit: domain::task::TaskEdit,
    /// State.
    pub state: Option<TaskState>,
    /// Who is sent.
    pub officers: Option<Sent>,
    /// Send officers whom the rules exclude.
    pub force: bool,
    /// Why, for the history.
    pub reason: Option<String>,
    /// The version that the caller has read; `None` when it does not care.
    pub expected: Option<crate::Versions>,
}

/// A change of who is sent to a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// These and nobody else.
    Exactly(Vec<OfficerId>),
    /// These as well.
    Also(Vec<OfficerId>),
    /// No longer these.
    Without(Vec<OfficerId>),
}
