//! The invariant of dispatch as figures: an unfinished emergency has an officer, or waits for one.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{TaskId, Time};
use store::{Result, Store};

/// Unattended emergencies that are named at most.
const MOST_NAMED: u32 = 100;

/// How dispatch stands at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchHealth {
    /// Unfinished emergencies that have no officer and do not wait for one; at most 100 of them. There
    /// must be none.
    pub unattended: Vec<TaskId>,
    /// Emergencies that wait for an officer.
    pub waiting: i64,
    /// When the oldest of those was raised.
    pub oldest_waiting: Option<Time>,
    /// Assignments and offers that were sent, run and were not accepted.
    pub unanswered: i64,
}

impl DispatchHealth {
    /// How long the oldest waiting emergency has waited at `now`; zero without one.
    pub fn longest_wait(&self, now: Time) -> TimeDelta {
        self.oldest_waiting.map_or(TimeDelta::zero(), |since| (now - since).max(TimeDelta::zero()))
    }
}

/// Reads it.
pub async fn health(store: &Arc<dyn Store>, now: Time) -> Result<DispatchHealth> {
    let mut tx = store.read().await?;
    let unattended = tx.dispatch().unattended(MOST_NAMED).await?;
    let (oldest_waiting, waiting) = tx.dispatch().waiting_since().await?;
    let unanswered = tx.assignments().count_unanswered(now).await?;
    Ok(DispatchHealth { unattended, waiting, oldest_waiting, unanswered })
}
