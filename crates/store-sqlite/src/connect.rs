//! Files and connections.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use store::Result;

use crate::error::{from_io, from_sqlx, unavailable};
use crate::readers::Readers;
use crate::{DATABASE_FILE, SqliteOptions};

/// Statements of this crate that a connection keeps prepared. Those of lists vary with their
/// filters, hence more than the crate has.
const PREPARED: usize = 256;

/// Makes the directory (0700) and the database (0600) unless they are there, and gives its path.
pub(crate) fn prepare(dir: &Path, create: bool) -> Result<PathBuf> {
    let file = dir.join(DATABASE_FILE);
    if create {
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(from_io)?;
        // Before SQLite does, which would make it for all to read; -wal and -shm take its mode.
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(from_io(error)),
        }
    } else if !file.exists() {
        return Err(unavailable(format!("no database at {}; run `gad migrate` to make one", file.display())));
    }
    Ok(file)
}

fn common(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(true)
        .statement_cache_capacity(PREPARED)
        // A row is handed over by another thread; a longer queue wakes it less often.
        .row_buffer_size(1024)
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "MEMORY")
        // Slow ones are said by us, with the name of the request.
        .log_slow_statements(log::LevelFilter::Off, Duration::ZERO)
}

/// The one connection that writes.
pub(crate) async fn writer(file: &Path, options: &SqliteOptions) -> Result<SqlitePool> {
    let mut connect = common(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(options.writer_wait)
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-32768")
        .optimize_on_close(true, 400);
    if let Some(most) = options.most_pages {
        connect = connect.pragma("max_page_count", most.to_string());
    }
    SqlitePoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(options.writer_wait)
        .test_before_acquire(false)
        // When the disk is full SQLite may roll back by itself; sqlx then takes the transaction
        // for open still and would refuse every later one. Such a connection is thrown away.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .connect_with(connect)
        .await
        .map_err(from_sqlx)
}

/// Connections that cannot write.
pub(crate) fn readers(file: &Path, options: &SqliteOptions) -> Arc<Readers> {
    let connect = common(file)
        .read_only(true)
        .busy_timeout(options.reader_wait)
        .pragma("query_only", "ON")
        .pragma("cache_size", "-8192");
    Readers::new(connect, options.readers.max(1), options.reader_wait)
}

/// A connection of its own to a file that is only read, for work that takes long.
pub(crate) async fn alone(file: &Path) -> Result<SqliteConnection> {
    let connect = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(Duration::from_secs(5));
    SqliteConnection::connect_with(&connect).await.map_err(from_sqlx)
}
