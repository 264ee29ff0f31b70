//! Open connections, kept for the next who needs one.
//!
//! Idle connections are not tested, which would cost a round trip a query. A dead one is noticed by
//! whoever gets it, and takes all that were opened before it along: the server was restarted.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, RecycleError, RecycleResult, Timeouts};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};

use crate::options::PgOptions;

/// One connection, and what must be known before it is given to somebody else.
pub(crate) struct Link {
    pub conn: PgConnection,
    /// A statement was sent whose answer has not been read to its end.
    pub busy: bool,
    /// A transaction was begun and not ended.
    pub in_tx: bool,
}

pub(crate) type Pool = managed::Pool<Manager>;
pub(crate) type Pooled = managed::Object<Manager>;

/// Opens connections, and sorts out those too old or opened before the last loss.
pub(crate) struct Manager {
    options: PgConnectOptions,
    recycle: Duration,
    // A std mutex: held for a copy only.
    lost_at: Mutex<Option<Instant>>,
}

impl Manager {
    /// Notes that a connection was found dead.
    pub fn found_dead(&self) {
        if let Ok(mut lost_at) = self.lost_at.lock() {
            *lost_at = Some(Instant::now());
        }
    }
}

impl managed::Manager for Manager {
    type Type = Link;
    type Error = sqlx::Error;

    async fn create(&self) -> sqlx::Result<Link> {
        let conn = self.options.connect().await?;
        Ok(Link { conn, busy: false, in_tx: false })
    }

    async fn recycle(&self, link: &mut Link, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        let lost = self.lost_at.lock().ok().and_then(|lost_at| *lost_at).is_some_and(|at| metrics.created <= at);
        if lost || link.busy || link.in_tx || metrics.age() > self.recycle {
            return Err(RecycleError::message("of no more use"));
        }
        Ok(())
    }
}

/// A pool that opens its first connection when it is first asked for one.
pub(crate) fn open(connect: PgConnectOptions, options: &PgOptions) -> Pool {
    let manager = Manager { options: connect, recycle: options.recycle, lost_at: Mutex::new(None) };
    let timeouts = Timeouts { wait: Some(options.acquire_wait), create: Some(options.connect), recycle: None };
    let built = Pool::builder(manager)
        .max_size(options.max_connections.max(1) as usize)
        .timeouts(timeouts)
        // The one used last has the warmest caches on both sides.
        .queue_mode(managed::QueueMode::Lifo)
        .runtime(Runtime::Tokio1)
        .build();
    // Fails only for timeouts without a runtime.
    built.expect("a runtime is set")
}

/// Closes the connections that nobody uses.
pub(crate) async fn close(pool: &Pool) {
    let idle = pool.retain(|_, _| false).removed;
    pool.close();
    for link in idle {
        // Nothing is lost with a connection that does not say goodbye.
        let _ = link.conn.close().await;
    }
}

impl Deref for Link {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.conn
    }
}

impl DerefMut for Link {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.conn
    }
}
