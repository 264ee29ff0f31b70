//! How the store is opened.

use std::time::Duration;

/// How the store is opened. The defaults suit a command that may run beside a server; the server
/// itself sets `exclusive`.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// Refuse when another process has opened the directory exclusively, and keep others out.
    pub exclusive: bool,
    /// Make the database when there is none.
    pub create: bool,
    /// Only read: needs no right to write, neither to the database nor to its directory, and
    /// changes are refused as read-only.
    pub reading: bool,
    /// Connections that read.
    pub readers: u32,
    /// Longest wait for a connection that reads.
    pub reader_wait: Duration,
    /// Longest wait for the connection that writes, and for another process that writes.
    pub writer_wait: Duration,
    /// Longest run of one statement.
    pub statement: Duration,
    /// A statement that takes as long is said in the log.
    pub slow: Duration,
    /// Most pages of 4 KiB that the database may have; beyond them it answers as a full disk does.
    pub most_pages: Option<u32>,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            exclusive: false,
            create: true,
            reading: false,
            readers: 4,
            reader_wait: Duration::from_millis(250),
            writer_wait: Duration::from_secs(5),
            statement: Duration::from_secs(5),
            slow: Duration::from_millis(200),
            most_pages: None,
        }
    }
}
