//! Officers.

mod change;
mod create;
mod delete;
mod read;

pub(crate) use change::save;
pub use change::update;
pub use create::{NewOfficerInput, create};
pub use delete::delete;
pub(crate) use delete::retire;
pub use read::{by_id, count, list, with_device};
