//! The figures as one picture for a phone: 1080 pixels wide, as high as it must be. It is composed as
//! SVG once; the PNG is that same SVG, drawn with a font that the program brings along.

mod canvas;
mod draw;
mod hours;
mod page;
mod ranking;

use chrono::{DateTime, Utc};
use domain::officer::Unit;
use domain::report::{Figures, Period, UnitWork};

use super::Language;
use crate::Result;

/// What kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Image {
    /// Pixels.
    Png,
    /// Lines; text in it stays text.
    Svg,
}

/// What a picture shows.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Name of the office.
    pub office: String,
    /// Which days.
    pub period: Period,
    /// Only of this unit.
    pub unit: Option<Unit>,
    /// Counts and times.
    pub figures: Figures,
    /// Who did most.
    pub units: Vec<UnitWork>,
    /// When it was reckoned.
    pub at: DateTime<Utc>,
    /// In which language.
    pub language: Language,
}

/// Draws a picture. It takes some tens of milliseconds, so not on the runtime.
pub fn draw(picture: &Picture, image: Image) -> Result<Vec<u8>> {
    let svg = page::compose(picture);
    match image {
        Image::Svg => Ok(svg.into_bytes()),
        Image::Png => draw::png(&svg),
    }
}
