//! What a scenario found.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::Text;

/// One figure, and the way to it.
#[derive(Debug, Clone, Serialize)]
pub struct Measurement {
    /// Its name, by which `evaluation.toml` holds it against a threshold.
    #[serde(rename = "nombre")]
    pub name: &'static str,
    /// The figure.
    #[serde(rename = "valor")]
    pub value: f64,
    /// Its unit; empty for a count.
    #[serde(rename = "unidad")]
    pub unit: &'static str,
    /// What was measured.
    #[serde(rename = "que")]
    pub what: Text,
    /// The scenario that measured it.
    #[serde(rename = "escenario")]
    pub scenario: &'static str,
    /// How to do it again.
    #[serde(rename = "repetir")]
    pub repeat: String,
}

/// Points of one curve.
#[derive(Debug, Clone, Serialize)]
pub struct Curve {
    /// What it is of.
    #[serde(rename = "nombre")]
    pub name: Text,
    /// `(x, y)`, by x.
    #[serde(rename = "puntos")]
    pub points: Vec<(f64, f64)>,
}

/// What is drawn as one picture.
#[derive(Debug, Clone, Serialize)]
pub struct Picture {
    /// Name of its file, without an ending.
    #[serde(rename = "nombre")]
    pub name: &'static str,
    /// The line of the plan that it stands beside.
    #[serde(rename = "linea")]
    pub line: &'static str,
    /// Its title.
    #[serde(rename = "titulo")]
    pub title: Text,
    /// What goes to the right.
    #[serde(rename = "horizontal")]
    pub across: Text,
    /// What goes up.
    #[serde(rename = "vertical")]
    pub up: Text,
    /// Whether x is drawn by its logarithm.
    #[serde(rename = "logaritmica")]
    pub logarithmic: bool,
    /// Its curves.
    #[serde(rename = "curvas")]
    pub curves: Vec<Curve>,
}

/// A table that belongs to a line of the plan.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// The line.
    #[serde(rename = "linea")]
    pub line: &'static str,
    /// Its title.
    #[serde(rename = "titulo")]
    pub title: Text,
    /// Heads of columns.
    #[serde(rename = "columnas")]
    pub head: Vec<Text>,
    /// Its cells.
    #[serde(rename = "filas")]
    pub rows: Vec<Vec<Text>>,
}

/// All that a scenario brings.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Evidence {
    /// Figures.
    #[serde(rename = "cifras")]
    pub measurements: Vec<Measurement>,
    /// Pictures.
    #[serde(rename = "graficos")]
    pub pictures: Vec<Picture>,
    /// Tables.
    #[serde(rename = "tablas")]
    pub tables: Vec<Table>,
    /// What the reader should know of how it went.
    #[serde(rename = "notas")]
    pub notes: Vec<Text>,
}

impl Evidence {
    /// Notes one figure.
    pub fn note(&mut self, name: &'static str, value: f64, unit: &'static str, what: Text) {
        self.measurements.push(Measurement { name, value, unit, what, scenario: "", repeat: String::new() });
    }

    /// Notes whether something is so, as 1 or 0.
    pub fn answer(&mut self, name: &'static str, is_so: bool, what: Text) {
        self.note(name, f64::from(u8::from(is_so)), "", what);
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
