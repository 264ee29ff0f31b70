//! How many tasks were where, in cells of equal degrees.

use std::collections::BTreeMap;

use super::TaskFact;
use crate::point::{LATITUDE, LONGITUDE};
use crate::{Bounds, GeoBox, OutOfRange};

/// Sides that a cell may have, in degrees: some hundred metres to a province.
pub const CELL_DEGREES: Bounds = Bounds { min: 0.001, max: 5.0 };

/// A cell in which there were tasks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Where. A point on its south or west edge belongs to it, one on the others does not.
    pub area: GeoBox,
    /// How many tasks.
    pub tasks: u64,
    /// Emergencies among them.
    pub emergencies: u64,
}

/// Tasks by place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Density {
    /// The fullest first, at most as many as were asked for.
    pub cells: Vec<Cell>,
    /// How many more there are.
    pub left_out: usize,
    /// Tasks without a place.
    pub elsewhere: u64,
}

/// Counts tasks in cells of `side` degrees, counted from 0° N 0° E; gives at most `most` of them.
pub fn density(facts: &[TaskFact], side: f64, most: usize) -> Result<Density, OutOfRange> {
    let side = CELL_DEGREES.hold("celda", side)?;
    let mut counts: BTreeMap<(i64, i64), (u64, u64)> = BTreeMap::new();
    let mut elsewhere = 0;
    for fact in facts {
        let Some(point) = fact.location else {
            elsewhere += 1;
            continue;
        };
        let cell = (place(point.lat(), side, LATITUDE), place(point.lng(), side, LONGITUDE));
        let count = counts.entry(cell).or_default();
        count.0 += 1;
        count.1 += u64::from(fact.is_emergency());
    }
    let mut cells: Vec<Cell> = counts
        .into_iter()
        .map(|((north, east), (tasks, emergencies))| Cell {
            area: GeoBox {
                south: edge(north, side, LATITUDE),
                west: edge(east, side, LONGITUDE),
                north: edge(north + 1, side, LATITUDE),
                east: edge(east + 1, side, LONGITUDE),
            },
            tasks,
            emergencies,
        })
        .collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.tasks));
    let left_out = cells.len().saturating_sub(most);
    cells.truncate(most);
    Ok(Density { cells, left_out, elsewhere })
}

/// Which cell from the equator or the meridian on. The pole and the date line belong to the last.
#[expect(clippy::cast_possible_truncation, reason = "at most 180 / 0.001 cells either way")]
fn place(degrees: f64, side: f64, range: Bounds) -> i64 {
    let last = (range.max / side).ceil() as i64 - 1;
    ((degrees / side).floor() as i64).min(last)
}

/// Degrees of an edge, without the dust of multiplication.
#[expect(clippy::cast_precision_loss, reason = "at most 180 / 0.001 cells either way")]
fn edge(cell: i64, side: f64, range: Bounds) -> f64 {
    ((cell as f64 * side * 1e9).round() / 1e9).clamp(range.min, range.max)
}
