//! The office on Telegram: what comes from there, what is said to it, and how it gets there.

pub mod model;
pub mod talk;
