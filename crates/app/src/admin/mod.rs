//! Commands and announcements of administrators.

mod announce;
mod command;

pub use announce::{Announcement, announce};
pub use command::run;
