//! What a scenario found.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::Text;

/// One figure, and the way to it.
#[derive(Debug, Clone, Serialize)]
pub struct Measurement {
    /// Its name, by which `evaluation.toml` holds it against a threshold.
    pub name: &'static str,
    /// The figure.
    pub value: f64,
    /// Its unit; empty for a count.
    pub unit: &'static str,
    /// What was measured.
    pub what: Text,
    /// The scenario that measured it.
    pub scenario: &'static str,
    /// How to do it again.
    pub repeat: String,
}

/// Points of one curve.
#[derive(Debug, Clone, Serialize)]
pub struct Curve {
    /// What it is of.
    pub name: Text,
    /// `(x, y)`, by x.
    pub points: Vec<(f64, f64)>,
}

/// What is drawn as one picture.
#[derive(Debug, Clone, Serialize)]
pub struct Picture {
    /// Name of its file, without an ending.
    pub name: &'static str,
    /// The line of the plan that it stands beside.
    pub line: &'static str,
    /// Its title.
    pub title: Text,
    /// What goes to the right.
    pub across: Text,
    /// What goes up.
    pub up: Text,
    /// Whether x is drawn by its logarithm.
    pub logarithmic: bool,
    /// Its curves.
    pub curves: Vec<Curve>,
}

/// A table that belongs to a line of the plan.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// The line.
    pub line: &'static str,
    /// Its title.
    pub title: Text,
    /// Heads of columns.
    pub head: Vec<Text>,
    /// Its cells.
    pub rows: Vec<Vec<String>>,
}

/// All that a scenario brings.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Evidence {
    /// Figures.
    pub measurements: Vec<Measurement>,
    /// Pictures.
    pub pictures: Vec<Picture>,
    /// Tables.
    pub tables: Vec<Table>,
    /// What the reader should know of how it went.
    pub notes: Vec<Text>,
}

impl Evidence {
    /// Notes one figure.
    pub fn note(&mut self, name: &'static str, value: f64, unit: &'static str, what: Text) {
        self.measurements.push(Measurement { name, value, unit, what, scenario: "", repeat: String::new() });
    }

    /// Adds what another scenario brought.
    pub fn add(&mut self, other: Self) {
        self.measurements.extend(other.measurements);
        self.pictures.extend(other.pictures);
        self.tables.extend(other.tables);
        self.notes.extend(other.notes);
    }

    /// Figures by name.
    pub fn figures(&self) -> BTreeMap<&'static str, f64> {
        self.measurements.iter().map(|measurement| (measurement.name, measurement.value)).collect()
    }

    /// One figure.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.measurements.iter().find(|measurement| measurement.name == name).map(|measurement| measurement.value)
    }
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub fn count(number: impl TryInto<u64>) -> f64 {
    number.try_into().map_or(f64::NAN, |number| number as f64)
}

/// A part of a whole, from 0 to 1; 0 of nothing.
pub fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The value below which a part of all lies; `None` of none.
pub fn quantile(values: &mut [f64], part: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index into the values")]
    let at = (count(values.len()) * part) as usize;
    values.get(at.min(values.len().checked_sub(1)?)).copied()
}
