//! What is kept of Telegram.

mod inbox;
