//! Positions of officers: the last one of each, and their tracks.

use async_trait::async_trait;
use domain::{OfficerId, Position, Time};

use crate::Result;

/// Positions of officers.
#[async_trait]
pub trait PositionRepo: Send {
    /// Adds reports to the tracks (one that is there already, by officer and time, stays as it
    /// is) and moves the last positions of those officers for whom a report is newer.
    ///
    /// # Errors
    /// A conflict with [`crate::Rule::UnknownOfficer`].
    async fn record(&mut self, positions: &[Position]) -> Result<()>;
    /// The last position of an officer.
    async fn last(&mut self, officer: OfficerId) -> Result<Option<Position>>;
    /// Reports of an officer measured in `from..to`, oldest first, at most `limit`.
    async fn track(&mut self, officer: OfficerId, from: Time, to: Time, limit: u32) -> Result<Vec<Position>>;
}
