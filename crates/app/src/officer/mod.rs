//! Officers.

mod change;
mod create;
mod read;

pub use change::update;
pub use create::{NewOfficerInput, create};
pub use read::{by_id, list};
