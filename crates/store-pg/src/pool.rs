//! Open connections, kept for the next who needs one.
//!
//! Idle connections are not tested, which would cost a round trip a query. A dead one is noticed by
//! whoever gets it, and takes all that were opened before it along: the server was restarted.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use deadpool::managed::{self, Metrics, PoolError, RecycleError, RecycleResult, TimeoutType, Timeouts};
use deadpool::{Runtime, Status};
use resilience::{Priority, deadline};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::options::PgOptions;

/// One connection of so many is for what must get through.
const RESERVED: usize = 8;

/// One connection, and what must be known before it is given to somebody else.
pub(crate) struct Link {
    pub conn: PgConnection,
    /// A statement was sent whose answer has not been read to its end.
    pub busy: bool,
    /// A transaction was begun and not ended.
    pub in_tx: bool,
}

/// Open connections, of which the last few are for what must get through.
pub(crate) struct Pool {
    links: managed::Pool<Manager>,
    /// For all else, so that it waits here.
    places: Arc<Semaphore>,
    wait: Duration,
}

/// One of them, given back when dropped.
pub(crate) struct Pooled {
    link: managed::Object<Manager>,
    _place: Option<OwnedSemaphorePermit>,
}

/// Opens connections, and sorts out those too old or opened before the last loss.
pub(crate) struct Manager {
    options: PgConnectOptions,
    recycle: Duration,
    // A std mutex: held for a copy only.
    lost_at: Mutex<Option<Instant>>,
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

impl Pool {
    /// Opens its first connection when it is first asked for one.
    pub fn new(connect: PgConnectOptions, options: &PgOptions) -> Self {
        let manager = Manager { options: connect, recycle: options.recycle, lost_at: Mutex::new(None) };
        let timeouts = Timeouts { wait: Some(options.acquire_wait), create: Some(options.connect), recycle: None };
        let most = options.max_connections.max(1) as usize;
        let built = managed::Pool::builder(manager)
            .max_size(most)
            .timeouts(timeouts)
            // The one used last has the warmest caches on both sides.
            .queue_mode(managed::QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build();
        let places = Arc::new(Semaphore::new(most - most / RESERVED));
        // Fails only for timeouts without a runtime.
        Self { links: built.expect("a runtime is set"), places, wait: options.acquire_wait }
    }

    /// A connection.
    pub async fn get(&self) -> Result<Pooled, PoolError<sqlx::Error>> {
        let place = if Priority::is_critical_now() {
            None
        } else {
            let place = deadline("a connection", self.wait, Arc::clone(&self.places).acquire_owned()).await;
            let place = place.map_err(|_| PoolError::Timeout(TimeoutType::Wait))?;
            Some(place.map_err(|_| PoolError::Closed)?)
        };
        Ok(Pooled { link: self.links.get().await?, _place: place })
    }

    /// Notes that a connection was found dead.
    pub fn found_dead(&self) {
        if let Ok(mut lost_at) = self.links.manager().lost_at.lock() {
            *lost_at = Some(Instant::now());
        }
    }

    /// How many there are.
    pub fn status(&self) -> Status {
        self.links.status()
    }

    /// Whether there will be no more.
    pub fn is_closed(&self) -> bool {
        self.links.is_closed()
    }

    /// Closes the connections that nobody uses.
    pub async fn close(&self) {
        let idle = self.links.retain(|_, _| false).removed;
        self.links.close();
        self.places.close();
        for link in idle {
            // Nothing is lost with a connection that does not say goodbye.
            let _ = link.conn.close().await;
        }
    }
}

impl Pooled {
    /// Not given back: it is of no use to the next.
    pub fn throw_away(self) {
        drop(managed::Object::take(self.link));
    }
}

impl Deref for Pooled {
    type Target = Link;
    fn deref(&self) -> &Link {
        &self.link
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Link {
        &mut self.link
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
