//! Connections that read.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use metrics::Histogram;
use resilience::{Spent, deadline};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use store::Result;
use store::measure::pool_waits;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{from_sqlx, unavailable};
use crate::geo::Reach;

/// Connections that read, made when needed and kept.
///
/// sqlx's own pool asks each connection for a sign of life, in a task of its own, whenever it comes
/// back: 10 µs on top of the 16 µs of a look-up by number. A connection to a file in the same
/// process has nothing to go stale, so here it is just laid aside.
pub(crate) struct Readers {
    connect: SqliteConnectOptions,
    most: u32,
    wait: Duration,
    permits: Arc<Semaphore>,
    waits: Histogram,
    // Held only to push or pop, never across an await.
    idle: Mutex<Vec<SqliteConnection>>,
    reach: Reach,
}

/// One of them, until dropped.
pub(crate) struct Reader {
    connection: Option<SqliteConnection>,
    /// A statement was begun and has not ended: the connection is not fit for others.
    pub(crate) busy: bool,
    from: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Readers {
    /// At most `most` at a time; whoever finds none free waits for `wait`.
    pub(crate) fn new(connect: SqliteConnectOptions, most: u32, wait: Duration) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS)));
        let (waits, idle, reach) = (pool_waits("sqlite"), Mutex::default(), Reach::default());
        Arc::new(Self { connect, most, wait, permits, waits, idle, reach })
    }

    fn pop(&self) -> Option<SqliteConnection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// # Errors
    /// `Unavailable` when none became free in time, after `close`, or without a database.
    pub(crate) async fn take(self: &Arc<Self>) -> Result<Reader> {
        let begun = Instant::now();
        let permit = match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => Ok(permit),
            Err(_) => deadline("a connection that reads", self.wait, Arc::clone(&self.permits).acquire_owned())
                .await
                .map_err(unavailable)
                .and_then(|permit| permit.map_err(unavailable)),
        };
        let took = begun.elapsed();
        self.waits.record(took);
        Spent::note_wait(took);
        let permit = permit?;
        let connection = match self.pop() {
            Some(connection) => connection,
            None => self.connect.connect().await.map_err(from_sqlx)?,
        };
        Ok(Reader { connection: Some(connection), busy: false, from: Arc::clone(self), _permit: permit })
    }

    /// Open connections, idle ones among them, and the most there may be.
    pub(crate) fn counts(&self) -> (u32, u32, u32) {
        let free = u32::try_from(self.permits.available_permits()).unwrap_or(self.most);
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).len();
        let idle = u32::try_from(idle).unwrap_or(self.most);
        (self.most.saturating_sub(free) + idle, idle, self.most)
    }

    /// Waits for those in use, and closes all.
    pub(crate) async fn close(&self) {
        // Fails only when they are closed already.
        let all = self.permits.acquire_many(self.most).await;
        self.permits.close();
        drop(all);
        while let Some(connection) = self.pop() {
            // What is closed here has only read; there is nothing to lose.
            let _ = connection.close().await;
        }
    }
}

impl Reader {
    /// What searches by all of them have learnt.
    pub(crate) fn reach(&self) -> &Reach {
        &self.from.reach
    }
}

impl Deref for Reader {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("only drop takes it")
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("only drop takes it")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // One whose statement was given up still works at it; dropped, it ends by itself.
        if let Some(connection) = self.connection.take().filter(|_| !self.busy) {
            self.from.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
