//! Users.

mod create;
mod read;

pub use create::{NewUserInput, create};
pub use read::{by_id, list};
