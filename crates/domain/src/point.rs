//! Places on the Earth, in degrees of WGS 84.

use serde::{Deserialize, Serialize};

use crate::{Bounds, OutOfRange};

/// Degrees of latitude.
pub const LATITUDE: Bounds = Bounds { min: -90.0, max: 90.0 };
/// Degrees of longitude.
pub const LONGITUDE: Bounds = Bounds { min: -180.0, max: 180.0 };

/// A point in WGS 84 degrees. Its coordinates are always within range.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Coordinates", into = "Coordinates")]
pub struct Point {
    lat: f64,
    lng: f64,
}

#[derive(Serialize, Deserialize)]
struct Coordinates {
    lat: f64,
    lng: f64,
}

impl Point {
    /// `lat` in −90..=90, `lng` in −180..=180.
    pub fn new(lat: f64, lng: f64) -> Result<Self, OutOfRange> {
        // -0.0 and 0.0 are one place; one form of it keeps both stores alike.
        Ok(Self { lat: LATITUDE.hold("lat", lat)? + 0.0, lng: LONGITUDE.hold("lng", lng)? + 0.0 })
    }

    /// Degrees north.
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east.
    pub const fn lng(self) -> f64 {
        self.lng
    }
}

// Where somebody is, is personal: a position never reaches a log by way of `{:?}`.
impl std::fmt::Debug for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Point(…)")
    }
}

impl TryFrom<Coordinates> for Point {
    type Error = OutOfRange;

    fn try_from(c: Coordinates) -> Result<Self, OutOfRange> {
        Self::new(c.lat, c.lng)
    }
}

impl From<Point> for Coordinates {
    fn from(p: Point) -> Self {
        Self { lat: p.lat, lng: p.lng }
    }
}

/// A box in degrees: `south` ≤ `north`; `west` > `east` means that it crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeoBox {
    /// Degrees.
    pub south: f64,
    /// Degrees.
    pub west: f64,
    /// Degrees.
    pub north: f64,
    /// Degrees.
    pub east: f64,
}

impl GeoBox {
    /// A box within the ranges of degrees.
    ///
    /// # Errors
    /// An edge out of range, or `south` above `north`.
    pub fn new(south: f64, west: f64, north: f64, east: f64) -> Result<Self, OutOfRange> {
        Point::new(south, west)?;
        Point::new(north, east)?;
        Bounds { min: LATITUDE.min, max: north }.hold("south", south)?;
        Ok(Self { south, west, north, east })
    }

    /// Whether `point` lies in the box, edges included.
    pub fn contains(&self, point: Point) -> bool {
        let east_west = if self.west <= self.east {
            (self.west..=self.east).contains(&point.lng)
        } else {
            point.lng >= self.west || point.lng <= self.east
        };
        (self.south..=self.north).contains(&point.lat) && east_west
    }

    /// The same area as one or two boxes that do not cross the antimeridian.
    pub fn split(self) -> Vec<Self> {
        if self.west <= self.east {
            vec![self]
        } else {
            vec![Self { east: LONGITUDE.max, ..self }, Self { west: LONGITUDE.min, ..self }]
        }
    }
}
