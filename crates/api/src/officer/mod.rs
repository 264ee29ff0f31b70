//! `/efectivos`.

pub mod change;
pub mod create;
pub mod delete;
pub mod list;
pub mod nearest;
mod out;

pub use out::{OfficerDetailOut, OfficerOut};
