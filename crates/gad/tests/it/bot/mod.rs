//! What comes of Telegram's updates, and what the bot asks over HTTP.

mod crowd;
pub mod desk;

mod intake;
mod notices;
mod sending;
mod service;
