//! Opening, migrating, copying and closing.

use std::fs::{DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sqlx::migrate::{Migrate, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use store::{Error, Result, SchemaState, Store, StoreInfo, Tx};
use uuid::Uuid;

use crate::error::{from_driver, timed, unavailable};
use crate::lock::DirectoryLock;
use crate::tx::SqliteTx;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Name of the file in the data directory.
const FILE: &str = "gad.db";

/// How to open a record.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// Take the directory for this process alone, as a server must.
    pub exclusive: bool,
    /// Make the directory and the file when they are not there.
    pub create: bool,
    /// Connections for reading.
    pub readers: u32,
    /// Longest wait for a connection for reading.
    pub read_wait: Duration,
    /// Longest wait for the one connection for writing.
    pub write_wait: Duration,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            exclusive: false,
            create: true,
            readers: 4,
            read_wait: Duration::from_millis(500),
            write_wait: Duration::from_secs(5),
        }
    }
}

/// The record in one SQLite file. Cheap to clone.
#[derive(Clone)]
pub struct SqliteStore(Arc<Inner>);

struct Inner {
    readers: SqlitePool,
    writer: SqlitePool,
    file: PathBuf,
    max_connections: u32,
    _lock: Option<DirectoryLock>,
}

impl SqliteStore {
    /// Opens the record in `dir`, without migrating it.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process has taken the directory; [`Error::Unavailable`]
    /// when it cannot be opened or is not there.
    pub async fn open(dir: &Path, options: SqliteOptions) -> Result<Self> {
        let file = dir.join(FILE);
        if options.create {
            DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(unavailable)?;
            // Made before SQLite does, so that nobody else may ever read it.
            OpenOptions::new().append(true).create(true).mode(0o600).open(&file).map_err(unavailable)?;
        } else if !file.exists() {
            return Err(unavailable(format!("there is no record in {}", dir.display())));
        }
        let lock = if options.exclusive { Some(DirectoryLock::take(dir)?) } else { None };
        let connect = SqliteConnectOptions::new()
            .filename(&file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(options.write_wait)
            .pragma("journal_size_limit", "67108864")
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "memory")
            .statement_cache_capacity(256);
        // The writer first: it sets the journal mode that readers then find.
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(options.write_wait)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(connect.clone())
            .await
            .map_err(from_driver)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.readers)
            .acquire_timeout(options.read_wait)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(connect.pragma("query_only", "on"));
        let max_connections = options.readers + 1;
        Ok(Self(Arc::new(Inner { readers, writer, file, max_connections, _lock: lock })))
    }

    /// Writes a whole copy of the record to `file`, which must not exist, while work goes on.
    pub async fn backup_to(&self, file: &Path) -> Result<()> {
        let path = file.to_str().ok_or_else(|| unavailable("the path is not UTF-8"))?;
        let mut conn = self.0.readers.acquire().await.map_err(from_driver)?;
        // VACUUM INTO writes to another file, which query_only would refuse.
        sqlx::query("PRAGMA query_only = off").execute(&mut *conn).await.map_err(from_driver)?;
        let outcome = sqlx::query("VACUUM INTO $1").bind(path).execute(&mut *conn).await;
        sqlx::query("PRAGMA query_only = on").execute(&mut *conn).await.map_err(from_driver)?;
        outcome.map_err(from_driver)?;
        Ok(())
    }

    /// Checks that the record is whole: what SQLite finds wrong, empty when nothing.
    pub async fn check(&self) -> Result<Vec<String>> {
        let rows: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_all(&self.0.readers)
            .await
            .map_err(from_driver)?;
        Ok(rows.into_iter().filter(|row| row != "ok").collect())
    }

    /// Where the record lies.
    pub fn file(&self) -> &Path {
        &self.0.file
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self) -> Result<Box<dyn Tx>> {
        let conn = self.0.readers.acquire().await.map_err(from_driver)?;
        Ok(Box::new(SqliteTx::read(conn)))
    }

    async fn write(&self) -> Result<Box<dyn Tx>> {
        let tx = self.0.writer.begin_with("BEGIN IMMEDIATE").await.map_err(from_driver)?;
        Ok(Box::new(SqliteTx::write(tx)))
    }

    async fn migrate(&self) -> Result<Vec<i64>> {
        let before = self.schema().await?;
        if before.found > before.known {
            return Err(Error::SchemaTooNew { found: before.found, known: before.known });
        }
        // Each migration is one transaction on the one writer; two processes wait for each other
        // at its BEGIN, and the second finds the version there.
        MIGRATIONS.run(&self.0.writer).await.map_err(|error| Error::Internal(error.into()))?;
        Ok(MIGRATIONS.iter().map(|migration| migration.version).filter(|version| *version > before.found).collect())
    }

    async fn schema(&self) -> Result<SchemaState> {
        let mut conn = self.0.writer.acquire().await.map_err(from_driver)?;
        let table = MIGRATIONS.table_name();
        conn.ensure_migrations_table(table).await.map_err(|error| Error::Internal(error.into()))?;
        let applied = conn.list_applied_migrations(table).await.map_err(|error| Error::Internal(error.into()))?;
        let found = applied.iter().map(|migration| migration.version).max().unwrap_or(0);
        let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
        let pending = MIGRATIONS.iter().filter(|migration| migration.version > found).count();
        Ok(SchemaState { found, known, pending })
    }

    async fn ping(&self) -> Result<Duration> {
        let start = Instant::now();
        timed(sqlx::query("SELECT 1").fetch_one(&self.0.readers)).await?;
        Ok(start.elapsed())
    }

    async fn info(&self) -> Result<StoreInfo> {
        let version: String = timed(sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&self.0.readers)).await?;
        let size = |suffix: &str| {
            let mut path = self.0.file.clone().into_os_string();
            path.push(suffix);
            std::fs::metadata(path).map_or(0, |metadata| metadata.len())
        };
        Ok(StoreInfo {
            engine: "sqlite",
            version: format!("SQLite {version} with R*Tree"),
            size_bytes: size("") + size("-wal"),
            connections: self.0.readers.size() + self.0.writer.size(),
            idle: u32::try_from(self.0.readers.num_idle() + self.0.writer.num_idle()).unwrap_or(u32::MAX),
            max_connections: self.0.max_connections,
        })
    }

    async fn epoch(&self) -> Result<Uuid> {
        timed(sqlx::query_scalar("SELECT epoch FROM meta WHERE id = 1").fetch_one(&self.0.readers)).await
    }

    async fn renew_epoch(&self, epoch: Uuid) -> Result<()> {
        timed(sqlx::query("UPDATE meta SET epoch = $1 WHERE id = 1").bind(epoch).execute(&self.0.writer)).await?;
        Ok(())
    }

    async fn close(&self) {
        self.0.readers.close().await;
        self.0.writer.close().await;
    }
}
