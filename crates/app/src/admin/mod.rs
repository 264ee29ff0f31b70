//! Commands and announcements of administrators, and what they choose to log.

mod announce;
mod command;
mod log;

pub use announce::{Announcement, announce, broadcast};
pub use command::{Command, run};
pub use log::{LogFilter, choose_log};
