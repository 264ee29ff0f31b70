//! Figures over the work of users.

mod forget;
mod user;

pub use forget::{forget, invalidate};
pub use user::{Origin, PERIOD, UserReport, of_user};
