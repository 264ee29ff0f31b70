//! The office on Telegram: what comes from there, what is said to it, and how it gets there.

mod bot;
mod lease;

pub mod client;
pub mod intake;
pub mod model;
pub mod outgoing;
pub mod talk;
pub mod work;

pub use bot::{Bot, Parts};
