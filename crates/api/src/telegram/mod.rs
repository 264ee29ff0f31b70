//! `/telegram/`: tasks and sign-in for the bot.

pub mod auth;
mod caller;
pub mod create;
pub mod finish;
pub mod list;
pub mod webhook;

pub use caller::{RestCaller, TelegramCaller};
