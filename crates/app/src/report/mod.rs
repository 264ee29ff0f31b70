//! Figures over a period, as values, tables and pictures.

pub mod chart;
mod desk;
mod export;
mod read;
pub mod sheet;
mod words;
mod workbook;

pub use domain::Language;

pub use desk::ReportDesk;
pub use export::{Format, export};
pub use read::{CELLS, MOST_TASKS, ReportQuery, crew, density, figures, picture, targets};
pub use sheet::{Sheet, Table};
