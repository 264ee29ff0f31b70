//! What reports read.

use async_trait::async_trait;
use domain::report::{Roster, TaskFact};
use domain::{TaskId, Time};

use crate::Result;

/// Which tasks a report is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFilter {
    /// Made at or after.
    pub from: Time,
    /// Made before.
    pub until: Time,
    /// Only those to which somebody of this unit is sent.
    pub unit: Option<String>,
}

/// What reports read.
#[async_trait]
pub trait ReportRepo: Send {
    /// Tasks in the order in which they were made, and of those made at one moment by number; at
    /// most `limit`, after the one that `after` names. Deleted tasks are left out.
    async fn facts(
        &mut self,
        filter: &ReportFilter,
        after: Option<(Time, TaskId)>,
        limit: u32,
    ) -> Result<Vec<TaskFact>>;
    /// All officers by number, deleted ones too: their work stays done.
    async fn roster(&mut self) -> Result<Vec<Roster>>;
}
