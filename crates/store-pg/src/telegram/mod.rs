//! What is kept of Telegram.

mod chat;
mod dialogue;
mod inbox;
mod message;
