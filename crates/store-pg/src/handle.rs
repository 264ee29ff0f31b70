//! The handle that begins transactions.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use deadpool::managed::{PoolError, TimeoutType};
use metrics::Histogram;
use resilience::{BreakerState, Dependency, Outcome, Spent, Tasks, Trip, deadline};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqlSafeStr, SqlStr};
use store::measure::{Measures, PoolState, pool_waits};
use store::{BreakerReport, LastObstacle, Obstacle, Result, SchemaState, Store, StoreInfo, Tx};
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::database_url::DatabaseUrl;
use crate::error::{from_pool, from_sqlx, unavailable};
use crate::options::PgOptions;
use crate::pool::{Pool, Pooled};
use crate::queue::Queue;
use crate::rollback::{self, Left, Turns};
use crate::statement::sql;
use crate::tx::PgTx;
use crate::{migrate, row};

/// What this store is called in figures.
const ENGINE: &str = "postgresql";
/// What the database is called there, among others that are asked.
const DEPENDENCY: &str = "postgres";

/// The record in PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct PgStore(Arc<Shared>);

/// What transactions share with their store.
pub(crate) struct Shared {
    pub pool: Pool,
    pub options: PgOptions,
    /// Where connections go that are not fit for the next.
    pub left: mpsc::UnboundedSender<Left>,
    /// What the beginning of a change waits for.
    pub turns: Turns,
    /// One token a transaction that is open, or being rolled back.
    pub in_hand: TaskTracker,
    pub events_pushed: Notify,
    /// Whether the database is asked at all.
    pub dependency: Dependency,
    /// What may be looked up and changed at once.
    pub queue: Queue,
    /// Questions about places that may be asked at once, so that maps do not starve dispatch.
    pub maps: Arc<Semaphore>,
    /// When many officers were last seen to be eligible. A std mutex: held for a copy only.
    pub many_at: Mutex<Option<Instant>>,
    pub measures: Measures,
    /// What keeps changes from being stored.
    pub obstacle: LastObstacle,
    waits: Histogram,
    begin: Arc<str>,
    connect: PgConnectOptions,
    tasks: Tasks,
}

impl Shared {
    /// Begins a change, with its deadline, in one round trip.
    pub fn begin(&self) -> SqlStr {
        AssertSqlSafe(Arc::clone(&self.begin)).into_sql_str()
    }

    /// A connection.
    pub async fn link(&self) -> Result<Pooled> {
        let begun = Instant::now();
        let got = self.pool.get().await;
        let took = begun.elapsed();
        self.waits.record(took);
        Spent::note_wait(took);
        got.map_err(|error| {
            // That all are in use is no failure of the database.
            match &error {
                PoolError::Backend(_) => self.dependency.note(Outcome::Failed, took),
                PoolError::Timeout(TimeoutType::Create) => self.dependency.note(Outcome::TimedOut, took),
                _ => {}
            }
            from_pool(error)
        })
    }
}

impl PgStore {
    /// Connects once, to say at once what is wrong, and keeps a pool from then on.
    ///
    /// # Errors
    /// `Unavailable` with what the driver said; no error holds the password.
    pub async fn connect(url: &str, options: PgOptions) -> Result<Self> {
        Self::connect_to(&DatabaseUrl::parse(url)?, options).await
    }

    /// The same by a URL that was read.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn connect_to(url: &DatabaseUrl, options: PgOptions) -> Result<Self> {
        let options = options.fitting(url);
        let connect = options.connect_options(url)?;
        let first = deadline("postgresql", options.connect, connect.connect()).await.map_err(unavailable)?;
        // Whatever the reason, a wrong password included, there is no database to work with.
        let first = first.map_err(unavailable)?;
        // Best effort: the server notices a connection that ends without a word as well.
        let _ = first.close().await;
        let pool = Pool::new(connect.clone(), &options);
        let maps = Arc::new(Semaphore::new((options.max_connections as usize / 2).max(1)));
        let queue = Queue::new(options.lookups, &connect, options.max_connections);
        let tasks = Tasks::new();
        let left = rollback::start(&tasks, options.write + Duration::from_secs(1));
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL statement_timeout = {}",
            options.write.as_millis()
        );
        let measures = Measures::new(ENGINE, options.slow);
        Ok(Self(Arc::new(Shared {
            pool,
            measures,
            obstacle: LastObstacle::default(),
            waits: pool_waits(DEPENDENCY),
            options,
            begin: begin.into(),
            dependency: Dependency::new(DEPENDENCY, Trip::default()),
            queue,
            maps,
            many_at: Mutex::new(None),
            left,
            turns: Turns::new(),
            events_pushed: Notify::new(),
            in_hand: TaskTracker::new(),
            connect,
            tasks,
        })))
    }

    /// What it does beside the work of its callers, for whoever watches tasks.
    pub fn tasks(&self) -> &Tasks {
        &self.0.tasks
    }

    fn reading(&self) -> Result<PgTx> {
        PgTx::read(Arc::clone(&self.0))
    }

    async fn writing(&self) -> Result<PgTx> {
        PgTx::write(Arc::clone(&self.0)).await
    }
}

impl std::fmt::Debug for PgStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgStore")
            .field("host", &self.0.connect.get_host())
            .field("database", &self.0.connect.get_database())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for PgStore {
    async fn read(&self) -> Result<Box<dyn Tx>> {
        Ok(Box::new(self.reading()?))
    }

    async fn write(&self) -> Result<Box<dyn Tx>> {
        Ok(Box::new(self.writing().await?))
    }

    async fn migrate(&self) -> Result<Vec<i64>> {
        migrate::run(&self.0.connect, self.0.options.connect).await
    }

    async fn schema(&self) -> Result<SchemaState> {
        migrate::state(&mut self.reading()?).await
    }

    async fn ping(&self) -> Result<Duration> {
        let begun = Instant::now();
        let row = self.reading()?.only(sql("SELECT pg_is_in_recovery() AS standby")).await?;
        let took = begun.elapsed();
        let is_standby: bool = row::Fields::of("pg_is_in_recovery", &row).get("standby")?;
        // Known before the first change meets it, and when a standby was promoted.
        if is_standby {
            self.0.obstacle.set(Some(Obstacle::ReadOnly));
        } else if self.0.obstacle.get() == Some(Obstacle::ReadOnly) {
            self.0.obstacle.set(None);
        }
        Ok(took)
    }

    async fn info(&self) -> Result<StoreInfo> {
        const SQL: &str = "SELECT current_setting('server_version') AS version, \
            (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS postgis, \
            pg_database_size(current_database()) AS bytes";
        let row = self.reading()?.only(sql(SQL)).await?;
        let fields = row::Fields::of("pg_settings", &row);
        let version: String = fields.get("version")?;
        let postgis: Option<String> = fields.get("postgis")?;
        let status = self.0.pool.status();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(StoreInfo {
            engine: ENGINE,
            version: match postgis {
                Some(postgis) => format!("PostgreSQL {version}, PostGIS {postgis}"),
                None => format!("PostgreSQL {version}, no PostGIS"),
            },
            size_bytes: u64::try_from(fields.get::<i64>("bytes")?).unwrap_or(0),
            connections: count(status.size),
            idle: count(status.available),
            max_connections: count(status.max_size),
        })
    }

    fn breaker(&self) -> BreakerReport {
        let dependency = &self.0.dependency;
        BreakerReport { open: dependency.state() != BreakerState::Closed, failures: dependency.failures() }
    }

    fn obstacle(&self) -> Option<Obstacle> {
        self.0.obstacle.get()
    }

    fn pools(&self) -> Vec<PoolState> {
        let status = self.0.pool.status();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let in_use = count(status.size.saturating_sub(status.available));
        vec![PoolState { dependency: DEPENDENCY, size: count(status.max_size), in_use }]
    }

    async fn epoch(&self) -> Result<Uuid> {
        let row = self.reading()?.only(sql("SELECT epoch FROM meta WHERE id = 1")).await?;
        row.try_get(0).map_err(from_sqlx)
    }

    async fn sequence(&self, limit: u32) -> Result<u64> {
        // Most often there is nothing to do, and then nobody need wait for a turn.
        if !self.reading()?.has_unsequenced().await? {
            return Ok(0);
        }
        let mut tx = self.writing().await?;
        let count = tx.sequence(limit).await?;
        Box::new(tx).commit().await?;
        Ok(count)
    }

    async fn seal(&self, limit: u32) -> Result<u64> {
        // Most often there is nothing to do, and then nobody need begin a change.
        if !self.reading()?.has_unsealed().await? {
            return Ok(0);
        }
        let mut tx = self.writing().await?;
        let count = tx.seal(limit).await?;
        Box::new(tx).commit().await?;
        Ok(count)
    }

    fn events_pushed(&self) -> &Notify {
        &self.0.events_pushed
    }

    async fn renew_epoch(&self, epoch: Uuid) -> Result<()> {
        let mut tx = self.writing().await?;
        tx.change(sql("UPDATE meta SET epoch = $1 WHERE id = 1").bind(epoch)).await?;
        Box::new(tx).commit().await
    }

    async fn close(&self) {
        self.0.in_hand.close();
        // Twice the deadline of a statement: a transaction that is still at work then is stuck.
        if deadline("open transactions", self.0.options.write * 2, self.0.in_hand.wait()).await.is_err() {
            tracing::warn!(open = self.0.in_hand.len(), "closing the store under open transactions");
        }
        self.0.pool.close().await;
        self.0.tasks.shutdown(Duration::from_secs(1)).await;
    }
}
