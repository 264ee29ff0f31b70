//! Where an officer was, when, and how surely.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{OfficerId, Point, Time, UserId};

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

/// How far a device's clock may run ahead of ours before its report is refused.
pub const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(2);

impl Position {
    /// The accuracy radius in metres; `None` when unknown. Devices report 0 for unknown.
    pub fn accuracy(&self) -> Option<f64> {
        self.accuracy_m.filter(|accuracy| *accuracy > 0.0)
    }

    /// Whether the report is older than `limit` at `now`.
    pub fn is_stale(&self, now: Time, limit: TimeDelta) -> bool {
        now - self.measured_at > limit
    }
}
