//! Figures over the work of users.

mod forget;
mod overview;
mod user;

pub use forget::{forget, invalidate};
pub use overview::overview;
pub use user::{Origin, PERIOD, UserReport, of_user};
