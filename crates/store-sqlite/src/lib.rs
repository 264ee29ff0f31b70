//! The default store: one SQLite file, with R*Tree for places and FTS5 for words.
//!
//! One connection writes and some read beside it (WAL), so a reader never waits for a writer.
//! Queries stand with their noun, one file each; `tx.rs` runs them under a deadline.

mod assignment;
mod audit;
mod audit_chain;
mod backup;
mod connect;
mod dispatch;
mod error;
mod event_log;
mod fold;
mod geo;
mod history;
mod idempotency;
mod import;
mod invariant;
mod lease;
mod link;
mod lock;
mod metrics;
mod note;
mod officer;
mod options;
mod outbox;
mod owner;
mod page;
mod position;
mod readers;
mod report;
mod row;
mod schema;
mod session;
mod stats;
mod store;
mod task;
mod telegram;
mod tx;
mod user;

pub use backup::verify;
pub use options::SqliteOptions;
pub use owner::{adopt_owner, file_error};
pub use store::SqliteStore;

/// Name of the database in the data directory. SQLite keeps `-wal` and `-shm` beside it.
pub const DATABASE_FILE: &str = "gad.db";
/// Name of the file that tells which process works on the data directory.
pub const LOCK_FILE: &str = "gad.lock";
