//! `/admin/`, for level 3.

pub mod announce;
pub mod command;
pub mod log;
