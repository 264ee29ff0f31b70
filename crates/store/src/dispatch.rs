//! `despachos`, `escalamientos` and `decisiones_despacho`: how far dispatches have come, and why.

use async_trait::async_trait;
use domain::dispatch::{DispatchDecision, DispatchState};
use domain::{OfficerId, TaskId, Time, UserId};

use crate::Result;

/// How dispatches stand. Whoever changes a row holds the lock of its task.
#[async_trait]
pub trait DispatchRepo: Send {
    /// The state of one task's dispatch.
    async fn state(&mut self, task: TaskId) -> Result<Option<DispatchState>>;
    /// The states of some tasks, in order of task.
    async fn states(&mut self, tasks: &[TaskId]) -> Result<Vec<DispatchState>>;
    /// Writes the state of one task's dispatch.
    async fn put_state(&mut self, state: &DispatchState) -> Result<()>;
    /// Tasks of which a step is due at `now`, the longest due first, at most `limit`.
    async fn due(&mut self, now: Time, limit: u32) -> Result<Vec<TaskId>>;
    /// Records that a step of a round was taken.
    ///
    /// # Errors
    /// A conflict with [`crate::Rule::EscalationStep`] when it was taken before.
    async fn take_step(&mut self, task: TaskId, round: u32, step: u32, at: Time) -> Result<()>;
    /// Adds a decision.
    async fn push_decision(&mut self, decision: &DispatchDecision) -> Result<()>;
    /// Decisions of one task, oldest first. Those that cannot be read are left out.
    async fn decisions(&mut self, task: TaskId) -> Result<Vec<DispatchDecision>>;
    /// Emergencies that have not ended, have no officer and do not wait for one, by number, at most
    /// `limit`. The invariant of dispatch is that there is none.
    async fn unattended(&mut self, limit: u32) -> Result<Vec<TaskId>>;
    /// When the oldest waiting emergency was raised, and how many wait.
    async fn waiting_since(&mut self) -> Result<(Option<Time>, i64)>;
    /// When the emergencies that a user raised within the last day were or may be dispatched, of those
    /// dispatched at `since` or later; newest first, at most `limit`.
    async fn slots_of_caller(&mut self, caller: UserId, since: Time, limit: u32) -> Result<Vec<Time>>;
    /// Whether data of another system was imported and no officer has a linked Telegram account yet.
    async fn is_import_unlinked(&mut self) -> Result<bool>;
    /// Records that data of another system was imported.
    async fn mark_imported(&mut self, at: Time) -> Result<()>;
    /// Officers who are available and have no position, of one unit or of any, by number, at most `limit`.
    async fn without_position(&mut self, unit: Option<&str>, limit: u32) -> Result<Vec<OfficerId>>;
}

/// Version of the stored form of a decision.
const DECISION_VERSION: u64 = 1;

/// A decision as the stores keep it, with the version of its form.
pub fn encode_decision(decision: &DispatchDecision) -> Result<serde_json::Value> {
    let mut value = serde_json::to_value(decision).map_err(|error| crate::Error::Internal(error.into()))?;
    if let Some(object) = value.as_object_mut() {
        object.insert("v".to_owned(), DECISION_VERSION.into());
    }
    Ok(value)
}

/// The decision that a store kept; `None`, with a warning, for one that this program cannot read.
pub fn decode_decision(stored: serde_json::Value) -> Option<DispatchDecision> {
    serde_json::from_value(stored)
        .inspect_err(|error| tracing::warn!(%error, "decisiones_despacho: row not readable"))
        .ok()
}
