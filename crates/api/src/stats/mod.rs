//! `/stats/`.

pub mod invalidate;
pub mod user;
