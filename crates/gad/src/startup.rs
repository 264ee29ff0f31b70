//! Waiting at start: what a running process survives, a starting one waits for.
//!
//! Only wrong settings end it. What is away (a database that is down, starting, failing over or not made yet, a
//! data directory or an address that the process before still holds) is tried again with backoff and jitter; each
//! change of the reason is one line of the log, and `/health/ready` has it in a few words.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use api::StartupGate;
use resilience::Pauses;
use tokio::net::TcpListener;

use crate::systemd;

/// First pause between two attempts; doubled until [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// What PostgreSQL answers while it starts or recovers.
const STARTING: &str = "57P03";
/// What PostgreSQL answers to a wrong password, to a role without access and for a database that is not there. All of
/// them can be mended in the database while we wait, and a running process goes on through them.
const ACCESS: [&str; 4] = ["28P01", "28000", "3D000", "42501"];

/// A start that waits.
pub struct Startup {
    begun: Instant,
    limit: Option<Duration>,
    gate: StartupGate,
}

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// The address to listen on.
    Address,
    /// The database, and why in a few words.
    Database(&'static str),
}

impl Startup {
    /// A start that gives up after `limit`: never without one, at the first failure with zero.
    pub fn new(limit: Option<Duration>, gate: StartupGate) -> Self {
        Self { begun: Instant::now(), limit, gate }
    }

    /// Listens on `address` once it is free.
    pub async fn listen(&self, address: SocketAddr) -> Result<TcpListener> {
        self.retry(async || bind(address).await.with_context(|| format!("cannot listen on {address}"))).await
    }

    /// Makes attempts until one succeeds, or fails in a way that waiting does not mend.
    ///
    /// # Errors
    /// That of the last attempt.
    pub async fn retry<T>(&self, attempt: impl AsyncFn() -> Result<T>) -> Result<T> {
        let mut pauses = Pauses::between(FIRST_PAUSE, LONGEST_PAUSE);
        let mut reported: Option<(Missing, String)> = None;
        loop {
            let error = match attempt().await {
                Ok(there) => {
                    if reported.is_some() {
                        tracing::info!(waited_s = self.begun.elapsed().as_secs(), "start: there now");
                        self.gate.waits_for_database(None);
                        systemd::status("starting");
                    }
                    return Ok(there);
                }
                Err(error) => error,
            };
            let Some(missing) = missing(&error) else { return Err(error) };
            if self.limit.is_some_and(|limit| self.begun.elapsed() >= limit) {
                return Err(error);
            }
            let reason = format!("{error:#}");
            match &reported {
                Some((before, same)) if *before == missing && *same == reason => {}
                // The words of a connection that fails change from one attempt to the next.
                Some((before, _)) if *before == missing => tracing::debug!(reason, "start: still waiting"),
                Some(_) | None => self.report(missing, &reason),
            }
            reported = Some((missing, reason));
            // Replicas that lost the same database do not come back in the same moment.
            tokio::time::sleep(pauses.pause()).await;
        }
    }

    fn report(&self, missing: Missing, reason: &str) {
        let what = match missing {
            Missing::Address => "the address",
            Missing::Database(why) => {
                self.gate.waits_for_database(Some(why));
                "the database"
            }
        };
        systemd::status(&format!("waiting for {what}: {reason}"));
        if missing == Missing::Database(REFUSED) {
            tracing::error!(code = "start.waiting", reason, "start: waiting for {what}, which refuses us");
        } else {
            tracing::warn!(code = "start.waiting", reason, "start: waiting for {what}");
        }
    }
}

/// The database is there and does not let us in.
const REFUSED: &str = "access refused";

/// What an error is waited for; none where waiting does not help.
fn missing(error: &anyhow::Error) -> Option<Missing> {
    let is_busy = |error: &std::io::Error| matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable);
    if error.downcast_ref::<std::io::Error>().is_some_and(is_busy) {
        return Some(Missing::Address);
    }
    let why = match error.chain().find_map(|cause| cause.downcast_ref::<store::Error>())? {
        store::Error::Unavailable { .. } => match sql_state(error).as_deref() {
            Some(code) if ACCESS.contains(&code) => REFUSED,
            Some(STARTING) => "starting up",
            Some(_) | None => "no answer",
        },
        store::Error::Denied(_) if sql_state(error).is_some() => REFUSED,
        store::Error::Full(_) | store::Error::ReadOnly(_) => "takes no changes",
        store::Error::Contention(_) => "locked by another process",
        store::Error::InUse { .. } => "data directory in use by another process",
        store::Error::SchemaTooNew { .. }
        | store::Error::SchemaTooOld { .. }
        | store::Error::Denied(_)
        | store::Error::Unprepared(_)
        | store::Error::Conflict(_)
        | store::Error::Stale
        | store::Error::Internal(_) => return None,
    };
    Some(Missing::Database(why))
}

/// What PostgreSQL answered, by its code.
fn sql_state(error: &anyhow::Error) -> Option<String> {
    let driver = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>());
    driver.and_then(sqlx::Error::as_database_error)?.code().map(std::borrow::Cow::into_owned)
}

/// Binds; all addresses means those of IPv4 where the system has no IPv6.
async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Err(error) if address.ip() == Ipv6Addr::UNSPECIFIED && error.kind() != ErrorKind::AddrInUse => {
            TcpListener::bind((Ipv4Addr::UNSPECIFIED, address.port())).await
        }
        bound => bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(error: store::Error) -> Option<Missing> {
        missing(&anyhow::Error::new(error).context("cannot open the record"))
    }

    #[test]
    fn what_may_come_by_itself_is_waited_for_and_nothing_else() {
        let source = || store::BoxError::from("x");
        for (error, expected) in [
            (store::Error::Unavailable { retry_after: Duration::ZERO, source: source() }, Some("no answer")),
            (store::Error::Full(source()), Some("takes no changes")),
            (store::Error::Contention(source()), Some("locked by another process")),
            (store::Error::InUse { holder: "7".to_owned() }, Some("data directory in use by another process")),
            (store::Error::SchemaTooNew { found: 9, known: 8 }, None),
            (store::Error::Internal(source()), None),
        ] {
            assert_eq!(store(error), expected.map(Missing::Database));
        }
        let bind = |kind| missing(&anyhow::Error::new(std::io::Error::from(kind)).context("cannot listen"));
        assert_eq!(bind(ErrorKind::AddrInUse), Some(Missing::Address));
        assert_eq!(bind(ErrorKind::AddrNotAvailable), Some(Missing::Address));
        assert_eq!(bind(ErrorKind::PermissionDenied), None);
        assert_eq!(missing(&anyhow::anyhow!("SECRET_KEY is not set")), None);
    }
}
