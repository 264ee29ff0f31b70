//! What people leave with a task: words, photos, voice, files, places (docs/decisions/0029).

mod add;
mod file;
mod read;

pub use add::{MOST_AT_ONCE, add};
pub use file::{FetchError, Files, LARGEST, file};
pub use read::{by_id, list};

/// Name of what changed, in events.
pub const CHANGED: &str = "notas";
