//! `/users/`: users as the staff sees them.

pub mod create;
pub mod list;
mod out;
pub mod read;

pub use out::UserOut;
