//! Bare sqlx on the file of an embedded office, with the settings that gad uses.

use std::path::Path;

use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};

/// Connections that gad reads with.
pub const READERS: usize = 4;

fn common(data: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(data.join("gad.db"))
        .foreign_keys(true)
        .statement_cache_capacity(256)
        .row_buffer_size(1024)
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "MEMORY")
}

/// A connection that reads.
pub async fn reader(data: &Path) -> Result<SqliteConnection> {
    Ok(common(data).read_only(true).pragma("query_only", "ON").pragma("cache_size", "-8192").connect().await?)
}

/// A connection that writes.
pub async fn writer(data: &Path) -> Result<SqliteConnection> {
    let connect = common(data)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-32768");
    Ok(connect.connect().await?)
}
