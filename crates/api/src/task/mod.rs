//! `/tasks/`.

pub mod create;
pub mod delete;
pub mod emergency;
pub mod history;
pub mod list;
pub mod metrics;
mod out;
pub mod read;
pub mod update;

pub use out::TaskOut;
