//! Distances and directions on the WGS 84 ellipsoid, by Karney's method
//! (J. Geodesy 87, 43–55, 2013; doi:10.1007/s00190-012-0578-z), which PostGIS uses as well.

use std::sync::LazyLock;

use geographiclib_rs::{Geodesic, InverseGeodesic};

use crate::{GeoBox, Point, point::LATITUDE, point::LONGITUDE};

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// Least radius of curvature of the WGS 84 ellipsoid (in the meridian at the equator,
/// a·(1 − e²)), in metres: an arc over it spans more degrees than over any other place.
const LEAST_RADIUS_M: f64 = 6_335_439.0;

/// Metres along the ellipsoid between two points.
pub fn distance_m(from: Point, to: Point) -> f64 {
    WGS84.inverse(from.lat(), from.lng(), to.lat(), to.lng())
}

/// Degrees clockwise from north, 0 ≤ b < 360, in which `to` lies as seen from `from`.
pub fn bearing_deg(from: Point, to: Point) -> f64 {
    let (azimuth, _, _): (f64, f64, f64) = WGS84.inverse(from.lat(), from.lng(), to.lat(), to.lng());
    let bearing = azimuth.rem_euclid(360.0);
    if bearing >= 360.0 { 0.0 } else { bearing }
}

/// A box that holds every point within `radius_m` metres of `centre`, and somewhat more.
///
/// Poles and the antimeridian are covered: near a pole the box is the whole cap.
pub fn box_around(centre: Point, radius_m: f64) -> GeoBox {
    // The auxiliary sphere of least curvature radius overstates every angle; a tenth of a
    // percent more covers rounding in a 32-bit index.
    let angle = (radius_m / LEAST_RADIUS_M) * 1.001 + 1e-6;
    let reach = angle.to_degrees();
    let (south, north) = (centre.lat() - reach, centre.lat() + reach);
    if south <= LATITUDE.min || north >= LATITUDE.max {
        return GeoBox { south: south.max(LATITUDE.min), north: north.min(LATITUDE.max), ..whole_earth() };
    }
    // Widest where the circle touches its outermost meridian: sin Δλ = sin r / cos φ.
    let ratio = angle.sin() / centre.lat().to_radians().cos();
    if ratio >= 1.0 || angle >= std::f64::consts::FRAC_PI_2 {
        return GeoBox { south, north, ..whole_earth() };
    }
    // Geodetic latitude differs from the sphere's by at most 0.2°, hence the margin.
    let spread = ratio.asin().to_degrees() * 1.01 + 1e-6;
    if spread >= 180.0 {
        return GeoBox { south, north, ..whole_earth() };
    }
    let wrap = |lng: f64| (lng + 180.0).rem_euclid(360.0) - 180.0;
    GeoBox { south, north, west: wrap(centre.lng() - spread), east: wrap(centre.lng() + spread) }
}

/// The box that holds every point.
pub const fn whole_earth() -> GeoBox {
    GeoBox { south: LATITUDE.min, west: LONGITUDE.min, north: LATITUDE.max, east: LONGITUDE.max }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point() -> impl Strategy<Value = Point> {
        (-90.0..=90.0, -180.0..=180.0).prop_map(|(lat, lng)| Point::new(lat, lng).unwrap())
    }

    #[test]
    fn the_meridian_quadrant_has_its_known_length() {
        // 10 001 965.729 m from equator to pole on WGS 84 (NIMA TR8350.2, table 3.3).
        let quadrant = distance_m(Point::new(0.0, 0.0).unwrap(), Point::new(90.0, 0.0).unwrap());
        assert!((quadrant - 10_001_965.729).abs() < 0.001, "{quadrant}");
    }

    #[test]
    fn bearings_turn_clockwise_from_north() {
        let here = Point::new(0.0, 179.0).unwrap();
        let east_across = Point::new(0.0, -179.0).unwrap();
        assert!((bearing_deg(here, east_across) - 90.0).abs() < 1e-9);
        assert!((bearing_deg(east_across, here) - 270.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn a_box_holds_all_that_is_within_its_radius(centre in point(), other in point(), near in 0.0..1.0f64) {
            // Half of the trials pull the other point close, where boxes are small.
            let lat = centre.lat() + (other.lat() - centre.lat()) * near * near * near;
            let lng = centre.lng() + (other.lng() - centre.lng()) * near * near * near;
            let other = Point::new(lat.clamp(-90.0, 90.0), lng.clamp(-180.0, 180.0)).unwrap();
            let radius = distance_m(centre, other);
            prop_assert!(box_around(centre, radius).contains(other));
        }
    }
}
