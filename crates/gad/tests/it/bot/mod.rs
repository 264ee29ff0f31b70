//! Conversations with the bot over Telegram, and what it asks over HTTP.

pub mod desk;

mod blocked;
mod cards;
mod caught_up;
mod create;
mod create_again;
mod crowd;
mod dispatch;
mod emergency;
mod english;
mod escalation;
mod finish;
mod guide;
mod history;
mod intake;
mod killed;
mod link;
mod menu;
mod notes;
mod notices;
mod quiet;
mod rights;
mod sending;
mod service;
mod stored;
mod strange;
mod supervisor;
mod topics;
