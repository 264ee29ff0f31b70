//! Who is sent, and why not the others.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::wire::wire_enum;
use crate::{Availability, Officer, Point, Position, Time, geodesy};

/// What an officer must meet to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    /// Where somebody is needed.
    pub point: Point,
    /// Farthest distance in metres.
    pub radius_m: f64,
    /// Oldest position that counts.
    pub max_position_age: TimeDelta,
    /// Only officers of this unit.
    pub unit: Option<String>,
}

impl Criteria {
    /// How far was looked to find so many, metres: to the farthest of them, or everywhere when there
    /// are fewer than `limit`.
    pub fn reach(&self, found: usize, farthest_m: Option<f64>, limit: u32) -> f64 {
        farthest_m.filter(|_| found >= limit as usize).unwrap_or(self.radius_m)
    }
}

wire_enum! {
    /// Why an officer is left out.
    pub enum Exclusion {
        /// Holds a begun task.
        OnTask = "en_tarea",
        /// Off duty.
        OutOfService = "fuera_servicio",
        /// On duty, not to be sent.
        Unavailable = "no_disponible",
        /// The last position is too old.
        StalePosition = "posicion_antigua",
        /// Of another unit than the one asked for.
        OtherUnit = "otra_unidad",
        /// Farther than the radius.
        OutOfRadius = "fuera_de_radio",
    }
}

/// An officer with a position, seen from somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nearby {
    /// Who.
    pub officer: Officer,
    /// Last known position.
    pub position: Position,
    /// Metres along the ellipsoid.
    pub distance_m: f64,
}

impl Nearby {
    /// Direction of the officer as seen from `point`, degrees clockwise from north.
    pub fn bearing_from(&self, point: Point) -> f64 {
        geodesy::bearing_deg(point, self.position.point)
    }

    /// The first reason for which the officer is left out; `None` when eligible.
    ///
    /// `Store`'s nearest queries hold the same rules in SQL; the contract suite compares both.
    pub fn exclusion(&self, criteria: &Criteria, now: Time) -> Option<Exclusion> {
        match self.officer.availability {
            Availability::OnTask => return Some(Exclusion::OnTask),
            Availability::OutOfService => return Some(Exclusion::OutOfService),
            Availability::Unavailable => return Some(Exclusion::Unavailable),
            Availability::Available => {}
        }
        let unit = self.officer.unit.as_ref().map(crate::Text::as_str);
        if self.position.is_stale(now, criteria.max_position_age) {
            Some(Exclusion::StalePosition)
        } else if criteria.unit.is_some() && criteria.unit.as_deref() != unit {
            Some(Exclusion::OtherUnit)
        } else if self.distance_m > criteria.radius_m {
            Some(Exclusion::OutOfRadius)
        } else {
            None
        }
    }
}

/// Minutes to drive `distance_m` metres at `speed_kmh` on streets.
///
/// Streets are longer than the geodesic: the factor 1.3 is the circuity that Boeing (2019,
/// doi:10.1016/j.compenvurbsys.2019.01.004) and others find for city grids.
pub fn estimated_minutes(distance_m: f64, speed_kmh: f64) -> f64 {
    const CIRCUITY: f64 = 1.3;
    distance_m * CIRCUITY / (speed_kmh * 1000.0 / 60.0)
}
