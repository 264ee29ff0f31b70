//! REST under `/ws`.

pub mod broadcast;
pub mod stats;
