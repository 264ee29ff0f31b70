//! The handle that begins transactions.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use metrics::Histogram;
use resilience::{Priority, Spent, deadline};
use sqlx::sqlite::SqlitePool;
use sqlx::{Connection, Row, Sqlite, Transaction};
use store::measure::{Measures, PoolState, pool_waits};
use store::{Error, LastObstacle, Obstacle, Result, SchemaState, Store, StoreInfo, Tx};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::Instant;
use uuid::Uuid;

use crate::error::{from_sqlx, unavailable};
use crate::lock::DirLock;
use crate::readers::Readers;
use crate::tx::SqliteTx;
use crate::{SqliteOptions, connect, owner, schema};

/// What this store is called in figures, and its connections that read.
const ENGINE: &str = "sqlite";
/// What the one connection is called that writes.
const WRITER: &str = "sqlite_writer";

/// The record in one SQLite file. Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct SqliteStore(Arc<Inner>);

struct Inner {
    file: PathBuf,
    writer: SqlitePool,
    /// Of one: whose change is the next, but for what must get through.
    next: Semaphore,
    readers: Arc<Readers>,
    options: SqliteOptions,
    events_pushed: Arc<Notify>,
    measures: Arc<Measures>,
    obstacle: Arc<LastObstacle>,
    waits: Histogram,
    // Taken out by `close`, so that another process may open the directory from then on.
    lock: Mutex<Option<DirLock>>,
}

impl SqliteStore {
    /// Opens the database in the directory `dir`; both are made when `options.create` is set,
    /// for the owner's eyes only. The schema is left as it is: see [`Store::migrate`].
    ///
    /// # Errors
    /// `InUse` naming the process that holds the directory; `Unavailable` when there is no
    /// database or it cannot be opened.
    pub async fn open(dir: &Path, options: SqliteOptions) -> Result<Self> {
        let file = connect::prepare(dir, options.create && !options.reading)?;
        let lock = Mutex::new(options.exclusive.then(|| DirLock::take(dir)).transpose()?);
        let (writer, is_immutable) = if options.reading {
            let (connection, is_immutable) = connect::alone(&file).await?;
            // It was only opened to see how the file can be.
            let _ = connection.close().await;
            (connect::no_writer(&file), is_immutable)
        } else {
            (connect::writer(&file, &options).await.map_err(|error| owner::cause(&file, error))?, false)
        };
        let readers = connect::readers(&file, &options, is_immutable);
        Ok(Self(Arc::new(Inner {
            measures: Arc::new(Measures::new(ENGINE, options.slow)),
            obstacle: Arc::default(),
            waits: pool_waits(WRITER),
            file,
            writer,
            next: Semaphore::new(1),
            readers,
            options,
            events_pushed: Arc::default(),
            lock,
        })))
    }

    /// The database file.
    pub fn file(&self) -> &Path {
        &self.0.file
    }

    /// Waits for work in hand and closes all connections, but keeps other processes out of the
    /// directory until [`Store::close`]. The database file alone is then the whole record.
    pub async fn close_files(&self) {
        self.0.readers.close().await;
        // Last, so that it is the one that folds the WAL into the database.
        self.0.writer.close().await;
    }

    async fn reading(&self) -> Result<SqliteTx> {
        let measures = Arc::clone(&self.0.measures);
        Ok(SqliteTx::reading(self.0.readers.take().await?, self.0.options.statement, measures))
    }

    /// Refuses changes where the store was opened to read.
    fn may_write(&self) -> Result<()> {
        if self.0.options.reading {
            self.0.obstacle.set(Some(Obstacle::ReadOnly));
            return Err(Error::ReadOnly("the record was opened to read only".into()));
        }
        Ok(())
    }

    async fn writing(&self) -> Result<SqliteTx> {
        self.may_write()?;
        let begun = Instant::now();
        let transaction = self.begin().await;
        let took = begun.elapsed();
        self.0.waits.record(took);
        Spent::note_wait(took);
        let transaction = transaction.inspect_err(|error| self.0.obstacle.met(error))?;
        let (measures, events_pushed) = (Arc::clone(&self.0.measures), Arc::clone(&self.0.events_pushed));
        let (limit, obstacle) = (self.0.options.statement, Arc::clone(&self.0.obstacle));
        Ok(SqliteTx::writing(transaction, limit, measures, events_pushed, obstacle))
    }

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        let _next = self.next().await?;
        // IMMEDIATE: what is read in the transaction cannot change any more, and no statement of
        // it ever fails because another process got ahead.
        self.0.writer.begin_with("BEGIN IMMEDIATE").await.map_err(from_sqlx)
    }

    /// Waits until one is the next to write; what must get through does not stand in that line, and
    /// waits for two others at most, beside its like.
    async fn next(&self) -> Result<Option<SemaphorePermit<'_>>> {
        if Priority::is_critical_now() {
            return Ok(None);
        }
        let next = deadline("the one that writes", self.0.options.writer_wait, self.0.next.acquire()).await;
        next.map_err(unavailable)?.map(Some).map_err(unavailable)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self) -> Result<Box<dyn Tx>> {
        Ok(Box::new(self.reading().await?))
    }

    async fn write(&self) -> Result<Box<dyn Tx>> {
        Ok(Box::new(self.writing().await?))
    }

    async fn migrate(&self) -> Result<Vec<i64>> {
        self.may_write()?;
        let mut connection = self.0.writer.acquire().await.map_err(from_sqlx)?;
        let applied = schema::migrate(&mut connection).await?;
        let is_alone = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if is_alone {
            // The directory is this process's alone: whoever held anything is dead.
            for statement in [
                "UPDATE arriendos SET titular = NULL WHERE titular IS NOT NULL",
                "UPDATE telegram_chats SET tomado_por = NULL, tomado_hasta = NULL WHERE tomado_por IS NOT NULL",
            ] {
                sqlx::query(statement).execute(&mut *connection).await.map_err(from_sqlx)?;
            }
        }
        Ok(applied)
    }

    async fn schema(&self) -> Result<SchemaState> {
        schema::state(&mut *self.0.readers.take().await?).await
    }

    async fn ping(&self) -> Result<Duration> {
        let begun = Instant::now();
        self.reading().await?.only(sqlx::query("SELECT count(*) FROM meta")).await?;
        Ok(begun.elapsed())
    }

    async fn info(&self) -> Result<StoreInfo> {
        let version = self.reading().await?.only(sqlx::query("SELECT sqlite_version()")).await?;
        let version: String = version.try_get(0).map_err(from_sqlx)?;
        let size_bytes = ["", "-wal", "-shm"]
            .iter()
            .map(|suffix| {
                let mut path = self.0.file.clone().into_os_string();
                path.push(suffix);
                std::fs::metadata(path).map_or(0, |file| file.len())
            })
            .sum();
        let (readers, idle, most) = self.0.readers.counts();
        let writer = &self.0.writer;
        Ok(StoreInfo {
            engine: ENGINE,
            version: format!("SQLite {version} with R*Tree and FTS5"),
            size_bytes,
            connections: readers + writer.size(),
            idle: idle + u32::try_from(writer.num_idle()).unwrap_or_default(),
            max_connections: most + 1,
        })
    }

    fn obstacle(&self) -> Option<Obstacle> {
        self.0.obstacle.get()
    }

    fn pools(&self) -> Vec<PoolState> {
        let (open, idle, most) = self.0.readers.counts();
        let writer = &self.0.writer;
        let writing = writer.size().saturating_sub(u32::try_from(writer.num_idle()).unwrap_or(u32::MAX));
        vec![
            PoolState { dependency: ENGINE, size: most, in_use: open.saturating_sub(idle) },
            PoolState { dependency: WRITER, size: 1, in_use: writing },
        ]
    }

    async fn epoch(&self) -> Result<Uuid> {
        let row = self.reading().await?.only(sqlx::query("SELECT epoch FROM meta WHERE id = 1")).await?;
        row.try_get(0).map_err(from_sqlx)
    }

    async fn sequence(&self, _limit: u32) -> Result<u64> {
        // The one writer has ordered all of them already.
        Ok(0)
    }

    async fn seal(&self, _limit: u32) -> Result<u64> {
        // A line is committed with its place.
        Ok(0)
    }

    fn events_pushed(&self) -> &Notify {
        &self.0.events_pushed
    }

    async fn renew_epoch(&self, epoch: Uuid) -> Result<()> {
        let mut tx = Box::new(self.writing().await?);
        tx.run(sqlx::query("UPDATE meta SET epoch = ? WHERE id = 1").bind(epoch)).await?;
        tx.commit().await
    }

    async fn close(&self) {
        self.close_files().await;
        self.0.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
