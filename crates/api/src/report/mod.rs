//! `/reports`: figures over the tasks that were made in a period.

pub mod density;
pub mod file;
mod out;
mod query;
pub mod summary;
pub mod unit;
