//! Files and connections.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use store::{Error, Result};

use crate::error::{from_sqlx, is_not_opened, unavailable};
use crate::owner::{adopt_owner, cause_of_reading, file_error};
use crate::readers::Readers;
use crate::{DATABASE_FILE, SqliteOptions};

/// Statements of this crate that a connection keeps prepared. Those of lists vary with their
/// filters, hence more than the crate has.
const PREPARED: usize = 256;

/// Makes the directory (0700) and the database (0600) unless they are there, and gives its path.
pub(crate) fn prepare(dir: &Path, create: bool) -> Result<PathBuf> {
    let file = dir.join(DATABASE_FILE);
    if create {
        if !dir.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|error| file_error(dir, error))?;
            if let Err(error) = adopt_owner(dir) {
                // It was made just now and is empty.
                let _ = std::fs::remove_dir(dir);
                return Err(file_error(dir, error));
            }
        }
        // Before SQLite does, which would make it for all to read; -wal and -shm take its mode and,
        // where root makes them, its owner.
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file) {
            Ok(_) => {
                if let Err(error) = adopt_owner(&file) {
                    // An empty file that only root can open would keep the service from starting.
                    let _ = std::fs::remove_file(&file);
                    return Err(file_error(&file, error));
                }
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(file_error(&file, error)),
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

/// In place of the connection that writes, where nothing is written: never opened.
pub(crate) fn no_writer(file: &Path) -> SqlitePool {
    SqlitePoolOptions::new().max_connections(1).connect_lazy_with(common(file).read_only(true))
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
pub(crate) fn readers(file: &Path, options: &SqliteOptions, is_immutable: bool) -> Arc<Readers> {
    let connect = common(file)
        .read_only(true)
        .immutable(is_immutable)
        .busy_timeout(options.reader_wait)
        .pragma("query_only", "ON")
        .pragma("cache_size", "-8192");
    Readers::new(connect, options.readers.max(1), options.reader_wait)
}

/// A connection of its own to a file that is only read, for work that takes long; and whether the
/// file had to be taken as one that no process changes.
///
/// SQLite reads a database with a WAL only where it can make or open the files beside it. Where the
/// directory cannot be written and there is no WAL, no process has the database open for changes,
/// and the file alone is the whole record.
pub(crate) async fn alone(file: &Path) -> Result<(SqliteConnection, bool)> {
    let connect = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(Duration::from_secs(5));
    match opened(&connect).await {
        Ok(connection) => Ok((connection, false)),
        Err(error) if is_not_opened(&error) => {
            let mut wal = file.as_os_str().to_owned();
            wal.push("-wal");
            if std::fs::metadata(&wal).is_ok_and(|about| about.len() > 0) {
                let text = format!(
                    "changes in {} can be read only where the directory can be written: copy gad.db and gad.db-wal \
                     to another directory and read them there",
                    Path::new(&wal).display()
                );
                return Err(Error::ReadOnly(text.into()));
            }
            let connection = opened(&connect.immutable(true)).await.map_err(from_sqlx);
            connection.map(|connection| (connection, true)).map_err(|error| cause_of_reading(file, error))
        }
        Err(error) => Err(cause_of_reading(file, from_sqlx(error))),
    }
}

/// A connection that has read something: SQLite opens files when it needs them.
async fn opened(connect: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
    let mut connection = SqliteConnection::connect_with(connect).await?;
    sqlx::query("SELECT count(*) FROM sqlite_schema").fetch_one(&mut connection).await?;
    Ok(connection)
}
