//! Officers in a box of degrees.

use domain::{GeoBox, OfficerId, Point, geodesy};
use sqlx::QueryBuilder;
use sqlx::postgres::PgRow;
use store::Result;

use super::nearest::standing_columns;
use crate::officer;
use crate::tx::PgTx;

/// Boxes that reach farther, in metres, hold so much of the Earth that an index spares nothing.
const FAR_M: f64 = 5_000_000.0;

impl PgTx {
    /// Officers in the box by number, with their positions.
    pub(super) async fn rows_in(&mut self, area: GeoBox, after: Option<OfficerId>, limit: u32) -> Result<Vec<PgRow>> {
        let mut query = QueryBuilder::new(concat!(
            "SELECT ",
            officer::columns!(),
            ", p.efectivo_id, p.lat, p.lon, p.precision_m, p.medida_en, p.recibida_en, ",
            standing_columns!(),
            " FROM posiciones_actuales p JOIN efectivos e ON e.id = p.efectivo_id \
             JOIN usuarios u ON u.id = e.usuario_id WHERE e.deleted_at IS NULL AND p.lat BETWEEN "
        ));
        query.push_bind(area.south).push(" AND ").push_bind(area.north).push(" AND (false");
        for part in area.split() {
            query.push(" OR p.lon BETWEEN ").push_bind(part.west).push(" AND ").push_bind(part.east);
        }
        query.push(")");
        if let Some((centre, radius_m)) = circle_around(area) {
            query.push(" AND ST_DWithin(p.ubicacion, ST_SetSRID(ST_MakePoint(").push_bind(centre.lng()).push(", ");
            query.push_bind(centre.lat()).push("), 4326)::geography, ").push_bind(radius_m).push(")");
        }
        if let Some(after) = after {
            query.push(" AND p.efectivo_id > ").push_bind(after.0);
        }
        query.push(" ORDER BY p.efectivo_id LIMIT ").push_bind(i64::from(limit));
        self.all_around(query.into()).await
    }
}

/// A circle that holds the box, for the spatial index, which knows no degrees. `None` when the box
/// is so large that it is not worth it.
fn circle_around(area: GeoBox) -> Option<(Point, f64)> {
    let span = if area.west <= area.east { area.east - area.west } else { area.east - area.west + 360.0 };
    // In a box less than half around the Earth, nothing is farther from the middle than a corner.
    if span >= 180.0 {
        return None;
    }
    let middle = area.west + span / 2.0;
    let middle = if middle > 180.0 { middle - 360.0 } else { middle };
    let centre = Point::new(f64::midpoint(area.south, area.north), middle).ok()?;
    let corners = [area.south, area.north].map(|lat| Point::new(lat, area.west));
    let mut reach = 0.0_f64;
    for corner in corners {
        reach = reach.max(geodesy::distance_m(centre, corner.ok()?));
    }
    // That holds on a sphere; on the ellipsoid within half a percent.
    let radius_m = reach * 1.01 + 1.0;
    (radius_m < FAR_M).then_some((centre, radius_m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_circle_holds_its_box() {
        let boxes = [
            GeoBox { south: -34.7, west: -58.6, north: -34.5, east: -58.3 },
            GeoBox { south: -1.0, west: 179.0, north: 2.0, east: -178.0 },
            GeoBox { south: 80.0, west: -80.0, north: 90.0, east: 95.0 },
            GeoBox { south: -89.0, west: 10.0, north: -60.0, east: 189.0 - 360.0 },
            GeoBox { south: 5.0, west: 5.0, north: 5.0, east: 5.0 },
        ];
        for area in boxes {
            let (centre, radius_m) = circle_around(area).unwrap();
            let span = (area.east - area.west).rem_euclid(360.0);
            for step in 0..=400 {
                let part = f64::from(step % 21) / 20.0;
                let lng = area.west + span * part;
                let lng = if lng > 180.0 { lng - 360.0 } else { lng };
                let lat = area.south + (area.north - area.south) * f64::from(step / 21) / 20.0;
                let point = Point::new(lat.min(area.north), lng).unwrap();
                assert!(geodesy::distance_m(centre, point) <= radius_m, "{area:?} at {lat} {lng}");
            }
        }
    }
}
