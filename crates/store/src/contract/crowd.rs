//! Ten thousand officers all over the Earth, the same ones in every run.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::dispatch::{Nearby, Standing};
use domain::officer::NewOfficer;
use domain::{Availability, JsonObject, Level, Officer, Point, Position, geodesy};
use uuid::Uuid;

use super::given;
use crate::Store;

/// How many officers there are.
pub const CROWD: usize = 10_000;

/// A sequence that looks random and is not (`SplitMix64`: Steele, Lea and Flood, 2014).
pub struct Sequence(u64);

impl Sequence {
    /// The sequence of a seed.
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number in 0..1.
    pub fn draw(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let unit = ((z ^ (z >> 31)) >> 11) as f64;
        unit / 9_007_199_254_740_992.0
    }

    /// The next number in `from..to`.
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.draw()
    }

    /// One of some things.
    pub fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the length")]
        #[expect(clippy::cast_precision_loss, reason = "few things")]
        let place = (self.draw() * among.len() as f64) as usize;
        among[place]
    }

    /// A place: most anywhere on the sphere, many in one town, some at the poles and along the
    /// antimeridian.
    pub fn place(&mut self) -> Point {
        let (lat, lng) = match self.draw() {
            n if n < 0.5 => (self.between(-1.0, 1.0).asin().to_degrees(), self.between(-180.0, 180.0)),
            n if n < 0.85 => (self.between(-34.75, -34.5), self.between(-58.6, -58.3)),
            n if n < 0.92 => {
                let pole: f64 = self.pick(&[-90.0, 90.0]);
                (pole - pole.signum() * self.between(0.0, 0.5), self.between(-180.0, 180.0))
            }
            n if n < 0.99 => (self.between(-80.0, 80.0), self.pick(&[-180.0, 180.0])),
            _ => (self.between(-1.0, 1.0), self.pick(&[-1.0, 1.0]) * self.between(179.99, 180.0)),
        };
        Point::new(lat, lng).expect("within range")
    }
}

/// Places where formulas break: poles, antimeridian from both sides, equator and prime meridian.
pub fn corners() -> Vec<Point> {
    [(90.0, 0.0), (90.0, 120.0), (-90.0, -180.0), (0.0, 180.0), (0.0, -180.0), (0.0, 0.0), (51.5, 180.0)]
        .map(|(lat, lng)| Point::new(lat, lng).expect("within range"))
        .to_vec()
}

/// Stores the crowd and gives every officer with the last position; distances are 0.
///
/// Half are available, a third has an old position, two of three are of the unit "Norte" and one of
/// fifty of "Sur". Some stand at exactly one place.
pub async fn a_crowd(store: &Arc<dyn Store>) -> Vec<Nearby> {
    let mut chance = Sequence::of(20_251_009);
    let mut crowd = Vec::with_capacity(CROWD);
    let mut places = corners();
    let shared = chance.place();
    while crowd.len() < CROWD {
        let mut tx = store.write().await.expect("a transaction");
        let mut positions = Vec::new();
        for _ in 0..2_500 {
            let user = tx.users().insert(&given::a_new_user(Level::Officer), None).await.expect("a new user");
            let n = given::unique();
            let unit = match n % 50 {
                0 => Some("Sur"),
                n if n % 3 == 0 => None,
                _ => Some("Norte"),
            };
            let new = NewOfficer {
                uuid: Uuid::from_u128(u128::from(n)),
                user: user.id,
                internal_code: format!("M-{n}").as_str().try_into().expect("within length"),
                rank: None,
                unit: unit.map(|unit| unit.try_into().expect("within length")),
                specialty: None,
                availability: if chance.draw() < 0.5 {
                    Availability::Available
                } else {
                    chance.pick(Availability::ALL)
                },
                metadata: JsonObject::new(),
                created_at: given::noon(),
            };
            let officer = tx.officers().insert(&new).await.expect("a new officer");
            let point = match places.pop() {
                Some(place) => place,
                None if n.is_multiple_of(500) => shared,
                None => chance.place(),
            };
            let age = chance.pick(&[0, 5, 10, 11, 600]);
            let position = Position {
                officer: officer.id,
                point,
                accuracy_m: None,
                measured_at: given::noon() - TimeDelta::minutes(age),
                received_at: given::noon(),
                reported_by: None,
            };
            positions.push(position);
            crowd.push(Nearby { officer, position, distance_m: 0.0, standing: Standing::default() });
        }
        tx.positions().record(&positions).await.expect("recorded");
        tx.commit().await.expect("a commit");
    }
    crowd
}

/// Everybody as seen from `point`, nearest first, equal distances by number.
pub fn seen_from(point: Point, crowd: &[Nearby]) -> Vec<Nearby> {
    let mut seen = crowd.to_vec();
    for one in &mut seen {
        one.distance_m = geodesy::distance_m(point, one.position.point);
    }
    seen.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.officer.id.cmp(&b.officer.id)));
    seen
}

/// What a search would find if it looked at everybody: the first of those whom `keep` lets through.
pub fn by_hand(seen: &[Nearby], limit: u32, keep: impl Fn(&Nearby) -> bool) -> Vec<Nearby> {
    seen.iter().filter(|one| keep(one)).take(limit as usize).cloned().collect()
}

/// Holds what a store found to what was found by hand: the same officers in the same order, whole,
/// with distances that differ by less than a millimetre.
pub fn assert_same(found: &[Nearby], expected: &[Nearby], what: &str) {
    let ids = |all: &[Nearby]| all.iter().map(|one| one.officer.id).collect::<Vec<_>>();
    assert_eq!(ids(found), ids(expected), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let off = (found.distance_m - expected.distance_m).abs();
        assert!(off < 0.001, "{what}: officer {} is off by {off} m", found.officer.id);
        assert_eq!((&found.officer, found.position), (&expected.officer, expected.position), "{what}");
    }
}

/// An officer as a store has it, at a place.
pub fn standing(officer: Officer, point: Point) -> Nearby {
    let position = Position {
        officer: officer.id,
        point,
        accuracy_m: Some(10.0),
        measured_at: given::noon(),
        received_at: given::noon(),
        reported_by: None,
    };
    Nearby { officer, position, distance_m: 0.0, standing: Standing::default() }
}
