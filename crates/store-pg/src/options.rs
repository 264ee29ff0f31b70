//! How to reach the database, and how long to wait for it.

use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use store::Result;

use crate::database_url::DatabaseUrl;
use crate::queue::Lookups;

/// Sizes and deadlines.
#[derive(Debug, Clone)]
pub struct PgOptions {
    /// Most connections: the pool and its overflow in one number.
    pub max_connections: u32,
    /// Most look-ups that are asked at once, where there is no hurry; see [`crate::queue`].
    pub lookups: Lookups,
    /// Longest wait for a free connection while all are in use.
    pub acquire_wait: Duration,
    /// Longest wait for a new connection.
    pub connect: Duration,
    /// Deadline of one query by number or the like, outside of a change.
    pub point: Duration,
    /// Deadline of one question about places, outside of a change.
    pub spatial: Duration,
    /// Deadline of one statement within a change, waits for locks included.
    pub write: Duration,
    /// A statement that takes as long is said in the log.
    pub slow: Duration,
    /// A connection older than this is replaced by a new one.
    pub recycle: Duration,
    /// What the database shows the connections as.
    pub application_name: String,
}

impl Default for PgOptions {
    fn default() -> Self {
        Self {
            max_connections: 30,
            lookups: Lookups::Fitting,
            acquire_wait: Duration::from_millis(250),
            connect: Duration::from_secs(3),
            point: Duration::from_secs(1),
            spatial: Duration::from_secs(3),
            write: Duration::from_secs(5),
            slow: Duration::from_millis(200),
            recycle: Duration::from_secs(3600),
            application_name: "gad".to_owned(),
        }
    }
}

/// Statements that a connection keeps prepared: all that the repositories hold, and the usual
/// combinations of filters.
const PREPARED: usize = 256;

impl PgOptions {
    /// These, where the URL says nothing else.
    pub(crate) fn fitting(mut self, url: &DatabaseUrl) -> Self {
        self.connect = url.connect_timeout().unwrap_or(self.connect);
        if let Some(name) = url.application_name() {
            name.clone_into(&mut self.application_name);
        }
        self
    }

    /// What sqlx needs to connect to `url`, with these deadlines.
    pub(crate) fn connect_options(&self, url: &DatabaseUrl) -> Result<PgConnectOptions> {
        let options = url.connect_options()?;
        let millis = |limit: Duration| limit.as_millis().to_string();
        // Slow ones are said by us, with the name of the request.
        let options = options.log_slow_statements(log::LevelFilter::Off, Duration::ZERO);
        Ok(options.application_name(&self.application_name).statement_cache_capacity(PREPARED).options([
            // The longest deadline of a query outside of a change; the shorter one is held by the
            // client. A change sets its own when it begins.
            ("statement_timeout", millis(self.spatial.max(self.point))),
            // Frees the locks of a client that the network took away.
            ("idle_in_transaction_session_timeout", millis(self.write * 6)),
            // `read()` cannot change anything, as on SQLite.
            ("default_transaction_read_only", "on".to_owned()),
            // Compiling costs more than any of our queries.
            ("jit", "off".to_owned()),
        ]))
    }
}
