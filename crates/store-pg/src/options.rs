//! How to reach the database, and how long to wait for it.

use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use store::{Error, Result};
use url::Url;

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
    /// What sqlx needs to connect to `url`, with these deadlines.
    pub(crate) fn connect_options(&self, url: &str) -> Result<PgConnectOptions> {
        let options = parse(url)?;
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

/// What sqlx needs to connect to `url`: `postgres://`, `postgresql://`, or `SQLAlchemy`'s
/// `postgresql+asyncpg://` with its `ssl` for `sslmode`.
///
/// # Errors
/// `Internal` for anything that is not the URL of a PostgreSQL database.
pub fn parse(url: &str) -> Result<PgConnectOptions> {
    let bad = |error: url::ParseError| Error::Internal(format!("the database's URL: {error}").into());
    let (scheme, rest) = url.split_once("://").ok_or(url::ParseError::RelativeUrlWithoutBase).map_err(bad)?;
    if !matches!(scheme, "postgres" | "postgresql" | "postgresql+asyncpg" | "postgres+asyncpg") {
        return Err(Error::Internal("the database's URL must begin with postgres:// or postgresql://".into()));
    }
    let mut url = Url::parse(&format!("postgresql://{rest}")).map_err(bad)?;
    if url.query_pairs().any(|(key, _)| key == "ssl") {
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        let renamed = pairs.iter().map(|(key, value)| (if key == "ssl" { "sslmode" } else { key }, value));
        url.query_pairs_mut().clear().extend_pairs(renamed);
    }
    url.as_str().parse().map_err(|error: sqlx::Error| Error::Internal(error.into()))
}

/// The URL without its password, for messages and logs.
pub fn redact(url: &str) -> String {
    const HIDDEN: &str = "***";
    let Ok(mut url) = Url::parse(url) else { return "(not a URL)".to_owned() };
    if url.password().is_some() && url.set_password(Some(HIDDEN)).is_err() {
        return "(not a URL)".to_owned();
    }
    if url.query_pairs().any(|(key, _)| key == "password") {
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        let shown = pairs.iter().map(|(key, value)| (key, if key == "password" { HIDDEN } else { value }));
        url.query_pairs_mut().clear().extend_pairs(shown);
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_of_the_url_shows_its_password() {
        assert_eq!(redact("postgres://ana:secreta@host:5432/gad"), "postgres://ana:***@host:5432/gad");
        assert_eq!(
            redact("postgresql+asyncpg://host/gad?user=ana&password=secreta"),
            "postgresql+asyncpg://host/gad?user=ana&password=***"
        );
        assert_eq!(redact("postgres://ana@host/gad"), "postgres://ana@host/gad");
        assert_eq!(redact("secreta"), "(not a URL)");
    }

    #[test]
    fn the_forms_of_other_tools_are_understood() {
        let options = PgOptions::default();
        for url in ["postgres://a:b@h/d", "postgresql://a:b@h/d", "postgresql+asyncpg://a:b@h/d?ssl=require"] {
            let parsed = options.connect_options(url).unwrap();
            assert_eq!((parsed.get_host(), parsed.get_database()), ("h", Some("d")));
        }
        let parsed = options.connect_options("postgresql+asyncpg://h/d?ssl=require").unwrap();
        assert!(matches!(parsed.get_ssl_mode(), sqlx::postgres::PgSslMode::Require));
        for bad in ["mysql://h/d", "gad.db", "postgres://h:port/d"] {
            let error = options.connect_options(bad).unwrap_err();
            assert!(matches!(error, Error::Internal(_)), "{bad}: {error}");
        }
    }
}
