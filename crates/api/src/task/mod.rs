//! `/tasks/`.

pub mod alert;
pub mod create;
pub mod delete;
pub mod emergency;
pub mod history;
pub mod list;
pub mod metrics;
pub mod note;
pub mod note_file;
mod out;
pub mod read;
pub mod update;

pub use out::TaskOut;
