//! How updates get into the inbox. Telegram hears that one has come only after it is committed.

mod menu;
mod poll;
mod receive;
mod webhook;

pub use menu::show_menu;
pub use poll::poll;
pub use receive::receive;
pub use webhook::announce;
