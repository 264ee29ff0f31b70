//! What can go wrong in a store, by what the caller does next.

use std::time::Duration;

use crate::Rule;

/// Result of a store's work.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The change would break a rule that the database holds. Nothing was changed.
    #[error("{0} forbids it")]
    Conflict(Rule),
    /// Somebody else changed the row since it was read. Read again and decide anew.
    #[error("changed by somebody else in the meantime")]
    Stale,
    /// Another transaction was in the way: a serialization failure, a deadlock or a lock that was not to
    /// be had. Nothing was committed; the use case may be run again.
    #[error("another transaction was in the way")]
    Contention(#[source] BoxError),
    /// The database is away, too slow or restarting. Nothing was committed; try later.
    #[error("the database is not available")]
    Unavailable {
        /// When it may be worth another try.
        retry_after: Duration,
        /// What the driver said.
        #[source]
        source: BoxError,
    },
    /// No room on the disk. Nothing was committed.
    #[error("the database cannot store more")]
    Full(#[source] BoxError),
    /// The database takes no changes: a standby, or a file system that is mounted to be read only.
    /// Nothing was committed; reading goes on.
    #[error("the database is read-only")]
    ReadOnly(#[source] BoxError),
    /// The account that this process works with may not do it. Nothing was committed.
    #[error("the database, or its file, does not let this account do that")]
    Denied(#[source] BoxError),
    /// The database lacks what the schema needs; the text says which statement brings it about.
    #[error("the database is not prepared: {0}")]
    Unprepared(String),
    /// The schema is newer than this program.
    #[error("the database has schema {found}, this program knows up to {known}")]
    SchemaTooNew {
        /// Version in the database.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// The schema is older than this program and must be migrated first.
    #[error("the database has schema {found}, this program needs {needed}; run `gad migrate`")]
    SchemaTooOld {
        /// Version in the database; 0 when it is empty.
        found: i64,
        /// Version that this program needs.
        needed: i64,
    },
    /// Another process works on the same data directory.
    #[error("the data directory is in use by process {holder}")]
    InUse {
        /// Who holds it, as it wrote down itself.
        holder: String,
    },
    /// A stored value that this program cannot read, or a statement that the database refuses.
    /// A defect of ours, not the caller's.
    #[error("the database answered with something unexpected")]
    Internal(#[source] BoxError),
}

/// An error of a driver.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Error {
    /// A stored value that cannot be read.
    pub fn unreadable(table: &'static str, field: &'static str, source: impl Into<BoxError>) -> Self {
        Self::Internal(format!("{table}.{field}: {}", source.into()).into())
    }
}
