//! `/users/`: users as the staff sees them.

pub mod create;
pub mod link;
pub mod list;
mod out;
pub mod panel;
pub mod read;
pub mod update;

pub use out::UserOut;
