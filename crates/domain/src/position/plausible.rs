//! Whether a measurement can be true: compared with the one before it, and with the time of receipt.

use serde::{Deserialize, Serialize};

use super::Position;
use crate::wire::wire_enum;
use crate::{Time, geodesy};

/// Fastest way between two reports that is believed, kilometres per hour: above that of airliners.
pub const MAX_SPEED_KMH: f64 = 1_000.0;
/// Metres that two reports may lie apart whatever the time between them.
const SLACK_M: f64 = 500.0;

wire_enum! {
    /// Why a report was held back: it is in the track, and is not the last position.
    pub enum Doubt {
        /// Exactly 0 degrees north and 0 degrees east, which receivers without a fix report.
        NullIsland = "coordenadas_nulas",
        /// The way from the report before would have been faster than [`MAX_SPEED_KMH`].
        ImpossibleSpeed = "velocidad_imposible",
    }
}

/// A report of a track, and why it was held back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackPoint {
    /// The report.
    pub position: Position,
    /// Why it was held back; `None` for a plausible one.
    pub doubt: Option<Doubt>,
}

/// The newest report that was held back, while no later one was believed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HeldBack {
    /// Why.
    pub doubt: Doubt,
    /// The report.
    pub position: Position,
}

/// What is odd about the reports of one officer's device. The default is "nothing".
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceWatch {
    /// The newest report that was held back.
    pub held: Option<HeldBack>,
    /// How far the measuring times lie from the times of receipt.
    pub clock: Option<ClockLag>,
}

impl DeviceWatch {
    /// What people have to know: why the newest report was held back, and the offset of the clock.
    pub fn remarks(&self) -> (Option<Doubt>, Option<i64>) {
        (self.held.map(|held| held.doubt), self.clock.and_then(|clock| clock.offset_s()))
    }
}

/// How far the measuring times of an officer's newest reports lie before their times of receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockLag {
    /// Least seconds between measuring and receipt; negative where the device is ahead.
    pub min_s: i64,
    /// Most of them.
    pub max_s: i64,
    /// How many reports in a row lay within the two.
    pub reports: u32,
    /// The measuring time of the last one that was counted.
    pub measured_at: Time,
}

impl ClockLag {
    /// Seconds below which a lag is that of the network.
    const NOTICEABLE_S: i64 = 60;
    /// Seconds that the lags of a wrong clock may differ: reports that were delayed differ by more.
    const SPREAD_S: i64 = 30;
    /// Reports in a row that make an offset.
    const STEADY: u32 = 3;

    /// Counts one more receipt, whose newest report was measured at `measured_at`.
    pub fn observe(known: Option<Self>, measured_at: Time, received_at: Time) -> Option<Self> {
        let lag = (received_at - measured_at).num_seconds();
        let begins =
            (lag.abs() >= Self::NOTICEABLE_S).then_some(Self { min_s: lag, max_s: lag, reports: 1, measured_at });
        let Some(known) = known else { return begins };
        // A repeated report proves nothing of the present clock.
        if measured_at == known.measured_at {
            return Some(known);
        }
        let (min_s, max_s) = (known.min_s.min(lag), known.max_s.max(lag));
        if max_s - min_s > Self::SPREAD_S {
            return begins;
        }
        Some(Self { min_s, max_s, reports: known.reports.saturating_add(1).min(1_000), measured_at })
    }

    /// Seconds by which the device's clock is ahead of ours (negative: behind), once it is certain.
    pub fn offset_s(&self) -> Option<i64> {
        (self.reports >= Self::STEADY).then_some(-i64::midpoint(self.min_s, self.max_s))
    }
}

/// Follows the reports of one officer in the order of their measuring times.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlausibilityCheck {
    last: Option<Position>,
    held: Option<HeldBack>,
}

impl PlausibilityCheck {
    /// Goes on from the last position, and from the report that was held back after it.
    pub fn after(last: Option<Position>, held: Option<HeldBack>) -> Self {
        Self { last, held }
    }

    /// Why the next report cannot be true; `None` when it is believed. Two reports in a row that fit each
    /// other are believed, so that one wrong report does not keep an officer out for ever.
    pub fn check(&mut self, next: Position) -> Option<Doubt> {
        if next.point.lat() == 0.0 && next.point.lng() == 0.0 {
            let doubt = Doubt::NullIsland;
            if self.held.is_none_or(|held| held.doubt == doubt) {
                self.held = Some(HeldBack { doubt, position: next });
            }
            return Some(doubt);
        }
        let before = self.held.filter(|held| held.doubt != Doubt::NullIsland);
        let fits_last = self.last.is_none_or(|last| can_get(&last, &next));
        if fits_last || before.is_some_and(|held| can_get(&held.position, &next)) {
            *self = Self { last: Some(next), held: None };
            return None;
        }
        self.held = Some(HeldBack { doubt: Doubt::ImpossibleSpeed, position: next });
        Some(Doubt::ImpossibleSpeed)
    }

    /// The newest report that was held back and that none was believed after.
    pub const fn held(&self) -> Option<HeldBack> {
        self.held
    }
}

/// Whether a device can have got from one report to the other. Both may be off by their accuracy.
fn can_get(one: &Position, other: &Position) -> bool {
    let free_m = SLACK_M + one.accuracy().unwrap_or_default() + other.accuracy().unwrap_or_default();
    let metres = geodesy::distance_m(one.point, other.point) - free_m;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of some years stay below 2^53")]
    let hours = (other.measured_at - one.measured_at).num_milliseconds().abs() as f64 / 3_600_000.0;
    metres <= MAX_SPEED_KMH * 1000.0 * hours
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::{OfficerId, Point};

    fn at(second: i64, lat: f64, lng: f64) -> Position {
        let time = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap() + TimeDelta::seconds(second);
        Position {
            officer: OfficerId(1),
            point: Point::new(lat, lng).unwrap(),
            accuracy_m: None,
            measured_at: time,
            received_at: time,
            reported_by: None,
        }
    }

    fn doubts(track: &[Position]) -> Vec<Option<Doubt>> {
        let mut check = PlausibilityCheck::default();
        track.iter().map(|position| check.check(*position)).collect()
    }

    #[test]
    fn an_outlier_at_any_index_never_ends_as_the_last_position_of_a_longer_track() {
        for (wrong, doubt) in [((0.0, 0.0), Doubt::NullIsland), ((40.0, -3.7), Doubt::ImpossibleSpeed)] {
            for index in 0..6_usize {
                let mut track: Vec<Position> = (0..8).map(|n| at(n * 10, -34.6, -58.4)).collect();
                track[index].point = Point::new(wrong.0, wrong.1).unwrap();
                let found = doubts(&track);
                if index > 0 || doubt == Doubt::NullIsland {
                    assert_eq!(found[index], Some(doubt), "{wrong:?} at {index}: {found:?}");
                }
                assert!(found[6..].iter().all(Option::is_none), "{wrong:?} at {index}: {found:?}");
            }
        }
    }

    #[test]
    fn two_reports_that_fit_each_other_are_believed_and_0_0_never_is() {
        let moved = [at(0, -34.6, -58.4), at(10, 40.0, -3.7), at(20, 40.0, -3.7)];
        assert_eq!(doubts(&moved), [None, Some(Doubt::ImpossibleSpeed), None]);
        let lost = [at(0, -34.6, -58.4), at(10, 0.0, 0.0), at(20, 0.0, 0.0), at(30, -34.6, -58.4)];
        assert_eq!(doubts(&lost), [None, Some(Doubt::NullIsland), Some(Doubt::NullIsland), None]);
        let flown = [at(0, -34.6, -58.4), at(12 * 3600, 40.0, -3.7)];
        assert_eq!(doubts(&flown), [None, None], "ten thousand kilometres in twelve hours");
    }

    #[test]
    fn a_steady_lag_is_an_offset_and_delays_are_none() {
        let receive = |lags: &[i64]| {
            let mut known = None;
            for (n, lag) in lags.iter().enumerate() {
                let received = at(i64::try_from(n).unwrap() * 10, 0.0, 0.0).measured_at;
                known = ClockLag::observe(known, received - TimeDelta::seconds(*lag), received);
            }
            known.and_then(|clock| clock.offset_s())
        };
        assert_eq!(receive(&[1200, 1203, 1201]), Some(-1201));
        assert_eq!(receive(&[-600, -601, -600, -600]), Some(600));
        assert_eq!(receive(&[1200, 1201]), None, "two are few");
        assert_eq!(receive(&[1200, 900, 600]), None, "a backlog that is sent");
        assert_eq!(receive(&[1200, 1210, 1220, 1230]), None, "the same report again and again");
        assert_eq!(receive(&[1200, 1200, 1200, 2, 1]), None, "set right");
        assert_eq!(receive(&[-600, -600, -600, 0]), None, "set right");
        assert_eq!(receive(&[5, 5, 5, 5]), None, "the network");
    }
}
