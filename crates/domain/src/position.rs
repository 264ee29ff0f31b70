//! Where an officer was, when, and how surely.

mod plausible;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::wire::wire_enum;
use crate::{OfficerId, Point, Time, UserId};

pub use plausible::{ClockLag, DeviceWatch, Doubt, HeldBack, MAX_SPEED_KMH, PlausibilityCheck, TrackPoint};

/// One report of an officer's place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Whose.
    pub officer: OfficerId,
    /// Where.
    pub point: Point,
    /// Radius in metres within which the officer probably is, if the device said so.
    pub accuracy_m: Option<f64>,
    /// When the device measured it.
    pub measured_at: Time,
    /// When it reached us.
    pub received_at: Time,
    /// The user who reported it, in the track only; `None` where a program did, or for those from before
    /// this was kept.
    #[serde(default)]
    pub reported_by: Option<UserId>,
}

/// How far a device's clock may run ahead of ours before its report is refused. Up to then the report
/// counts as measured when it was received.
pub const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(2);
/// Age beyond which a report goes into the track and is not the last position.
pub const OLDEST_CURRENT: TimeDelta = TimeDelta::hours(24);
/// Age beyond which a report is refused.
pub const OLDEST: TimeDelta = TimeDelta::days(90);

wire_enum! {
    /// Why a report of a batch was refused.
    pub enum ReportRefusal {
        /// Not the fields, or not the types, of a report.
        Malformed = "formato_invalido",
        /// A number beyond its bounds.
        OutOfRange = "fuera_de_rango",
        /// No such officer, or a deleted one.
        UnknownOfficer = "efectivo_desconocido",
        /// The officer is another person, and the caller may report for oneself only.
        NotYours = "sin_permiso",
        /// Measured later than the clock allows for: [`CLOCK_SKEW`].
        InFuture = "medida_futura",
        /// Measured too long ago: [`OLDEST`].
        TooOld = "medida_antigua",
    }
}

impl Position {
    /// Whether this report is newer than another one of the same officer: measured later. Of two of one
    /// time, the first to arrive stays.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        self.measured_at > other.measured_at
    }

    /// The accuracy radius in metres; `None` when unknown. Devices report 0 for unknown.
    pub fn accuracy(&self) -> Option<f64> {
        self.accuracy_m.filter(|accuracy| *accuracy > 0.0)
    }

    /// Whether the report is older than `limit` at `now`.
    pub fn is_stale(&self, now: Time, limit: TimeDelta) -> bool {
        now - self.measured_at > limit
    }
}

/// The newest report of each officer; of two of one time the first.
pub fn newest_of_each<'p>(positions: impl IntoIterator<Item = &'p Position>) -> BTreeMap<OfficerId, Position> {
    let mut newest = BTreeMap::new();
    keep_newest(&mut newest, positions);
    newest
}

/// Puts each report in place of the one kept of its officer, unless that is as new.
pub fn keep_newest<'p>(newest: &mut BTreeMap<OfficerId, Position>, positions: impl IntoIterator<Item = &'p Position>) {
    for position in positions {
        let kept = newest.entry(position.officer).or_insert(*position);
        if position.is_newer_than(kept) {
            *kept = *position;
        }
    }
}
