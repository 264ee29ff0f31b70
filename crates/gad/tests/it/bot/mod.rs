//! What comes of Telegram's updates, and what the bot asks over HTTP.

mod intake;
mod service;
