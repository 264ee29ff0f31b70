//! Positions of officers: the last one of each, and their tracks.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::position::{DeviceWatch, Doubt, TrackPoint};
use domain::{OfficerId, Position, Time};

use crate::Result;

/// A report to store.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewPosition {
    /// The report.
    pub position: Position,
    /// Why it is held back.
    pub doubt: Option<Doubt>,
    /// Whether it may become the last position of its officer.
    pub may_be_last: bool,
}

/// What came of reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// Reports that the tracks did not have before.
    pub added: u64,
    /// Officers whose last position is a new one, by number.
    pub moved: Vec<OfficerId>,
}

/// A live officer, as the reports of his or her device are judged by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reporter {
    /// The officer, who exists and is not deleted.
    pub officer: OfficerId,
    /// The last position.
    pub last: Option<Position>,
    /// What is odd about the device.
    pub watch: DeviceWatch,
}

/// Which part of a track, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackSpan {
    /// Measured at or after this time.
    pub from: Time,
    /// Measured before this time.
    pub to: Time,
    /// Most reports to give.
    pub limit: u32,
    /// Give every n-th report, and the newest and those held back besides; 1 for all. Where the limit
    /// cuts, it cuts the old end.
    pub every: u64,
}

/// Positions of officers.
#[async_trait]
pub trait PositionRepo: Send {
    /// Adds reports to the tracks (one that is there already, by officer and time, stays as it
    /// is) and moves the last positions of those officers for whom a report is newer.
    ///
    /// # Errors
    /// A conflict with [`crate::Rule::UnknownOfficer`].
    async fn record(&mut self, positions: &[Position]) -> Result<()> {
        let all = positions.iter().map(|position| NewPosition { position: *position, doubt: None, may_be_last: true });
        self.store(&all.collect::<Vec<_>>()).await.map(|_| ())
    }
    /// The same with what was found out about each report.
    ///
    /// # Errors
    /// A conflict with [`crate::Rule::UnknownOfficer`].
    async fn store(&mut self, reports: &[NewPosition]) -> Result<Stored>;
    /// Those of the officers who exist and are not deleted, by number.
    async fn reporters(&mut self, officers: &[OfficerId]) -> Result<Vec<Reporter>>;
    /// What is odd about devices of these officers, of those only about whom something is.
    async fn watches(&mut self, officers: &[OfficerId]) -> Result<BTreeMap<OfficerId, DeviceWatch>>;
    /// Replaces what is odd about the devices of these officers, each named once.
    async fn set_watches(&mut self, watches: &[(OfficerId, DeviceWatch)]) -> Result<()>;
    /// The last position of an officer.
    async fn last(&mut self, officer: OfficerId) -> Result<Option<Position>>;
    /// How many reports of an officer were measured in `from..to`.
    async fn count(&mut self, officer: OfficerId, from: Time, to: Time) -> Result<u64>;
    /// Reports of an officer, oldest first.
    async fn track(&mut self, officer: OfficerId, span: TrackSpan) -> Result<Vec<TrackPoint>>;
}
