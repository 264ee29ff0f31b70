//! How updates get into the inbox. Telegram hears that one has come only after it is committed.

mod chats;
mod menu;
mod poll;
mod receive;
mod webhook;

pub use chats::{ChatFault, check_chat, watch_chats};
pub use menu::show_menu;
pub use poll::poll;
pub use receive::receive;
pub use webhook::announce;
