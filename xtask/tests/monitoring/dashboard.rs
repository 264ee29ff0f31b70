//! A dashboard of `deploy/grafana/dashboards`, as Grafana keeps it.

use std::path::PathBuf;

use serde::Deserialize;

use crate::{files, text};

/// A dashboard.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    /// By which others link to it.
    pub uid: String,
    /// Its heading.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// By which it is found.
    pub tags: Vec<String>,
    /// Version of the shape.
    pub schema_version: u32,
    /// What the reader chooses.
    pub templating: Templating,
    /// What it shows.
    pub panels: Vec<Panel>,
}

/// What the reader chooses.
#[derive(Deserialize)]
pub struct Templating {
    /// Each of it.
    pub list: Vec<Variable>,
}

/// What the reader chooses.
#[derive(Deserialize)]
pub struct Variable {
    /// By which panels speak of it.
    pub name: String,
    /// Where its values come from.
    pub query: String,
}

/// One panel.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    /// Unique in its dashboard.
    pub id: u32,
    /// Its heading.
    pub title: String,
    /// What it shows, and when that is bad.
    pub description: String,
    /// How it is drawn.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it stands.
    pub grid_pos: Place,
    /// Where its data come from; a text has none.
    pub datasource: Option<Source>,
    /// How values are read.
    pub field_config: Option<Fields>,
    /// What it asks.
    #[serde(default)]
    pub targets: Vec<Target>,
}

/// Columns and rows of a panel.
#[derive(Deserialize)]
pub struct Place {
    /// First column, of 24.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub w: u32,
    /// Rows.
    pub h: u32,
}

/// A source of data.
#[derive(Deserialize)]
pub struct Source {
    /// Its name.
    pub uid: String,
}

/// How values are read.
#[derive(Deserialize)]
pub struct Fields {
    /// Of all series.
    pub defaults: Defaults,
}

/// How values are read.
#[derive(Deserialize)]
pub struct Defaults {
    /// In what they are measured.
    pub unit: String,
}

/// One question.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Unique in its panel.
    pub ref_id: String,
    /// What is asked.
    pub expr: String,
    /// What its series are called.
    pub legend_format: String,
}

/// All dashboards, each with its file.
pub fn dashboards() -> Vec<(PathBuf, Dashboard)> {
    let read = |path: PathBuf| {
        let dashboard =
            serde_json::from_str(&text(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, dashboard)
    };
    files("deploy/grafana/dashboards", "json").into_iter().map(read).collect()
}
