//! What happened: read in pages, and followed as it happens.

mod follow;
mod read;

pub use follow::follow;
pub use read::{EventPage, after, backlog, head, since, warn_unreadable};
