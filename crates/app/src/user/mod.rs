//! Users.

mod administrator;
mod create;
mod delete;
mod read;
mod update;

pub use create::{NewUserInput, create};
pub use delete::delete;
pub use read::{by_id, delegate, delegates, list};
pub use update::{UserChange, update};
