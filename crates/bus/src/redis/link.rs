//! The connection that all parts share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult};
use resilience::deadline;

/// Longest wait for an answer (design §6).
pub const ANSWER: Duration = Duration::from_millis(500);
/// After a failure nobody asks for this long: a caller who would wait degrades at once.
const AWAY: Duration = Duration::from_millis(500);
/// Longest pause between two tries to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A connection that comes back by itself. Cheap to clone.
#[derive(Clone)]
pub struct Link(Arc<Inner>);

struct Inner {
    client: Client,
    manager: ConnectionManager,
    start: Instant,
    /// Milliseconds since `start` until which nobody asks.
    away_until: AtomicU64,
    answered: AtomicBool,
}

/// A URL that names no Redis.
#[derive(Debug, thiserror::Error)]
#[error("must be redis:// or rediss://, a host and maybe a port, like redis://127.0.0.1:6379")]
pub struct NoRedisUrl(#[source] redis::RedisError);

impl Link {
    /// A connection to `url` that is made when it is first needed.
    ///
    /// # Errors
    /// When the URL names no Redis; whether one is there is not asked.
    pub fn new(url: &str) -> Result<Self, NoRedisUrl> {
        let client = Client::open(url).map_err(NoRedisUrl)?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(ANSWER))
            .set_connection_timeout(Some(ANSWER))
            .set_number_of_retries(0)
            .set_max_delay(LONGEST_PAUSE);
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), config).map_err(NoRedisUrl)?;
        Ok(Self(Arc::new(Inner {
            client,
            manager,
            start: Instant::now(),
            away_until: AtomicU64::new(0),
            answered: AtomicBool::new(false),
        })))
    }

    /// Asks Redis; `None` when it does not answer in time, or did not a moment ago.
    pub async fn ask<T, F>(&self, what: &'static str, question: impl FnOnce(ConnectionManager) -> F) -> Option<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        if self.is_away() {
            return None;
        }
        let outcome = deadline("redis", ANSWER, question(self.0.manager.clone())).await;
        match outcome {
            Ok(Ok(answer)) => {
                if !self.0.answered.swap(true, Ordering::Relaxed) {
                    tracing::info!("Redis answers");
                }
                Some(answer)
            }
            Ok(Err(error)) => self.note_failure(what, &error.to_string()),
            Err(elapsed) => self.note_failure(what, &elapsed.to_string()),
        }
    }

    fn note_failure<T>(&self, what: &'static str, error: &str) -> Option<T> {
        let until = self.0.start.elapsed() + AWAY;
        self.0.away_until.store(u64::try_from(until.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        // Once, not at every call of an outage.
        if self.0.answered.swap(false, Ordering::Relaxed) {
            tracing::warn!(what, error, "Redis does not answer; going on without it");
        }
        None
    }

    fn is_away(&self) -> bool {
        self.0.start.elapsed().as_millis() < u128::from(self.0.away_until.load(Ordering::Relaxed))
    }

    /// Whether the last question was answered.
    pub fn answers(&self) -> bool {
        self.0.answered.load(Ordering::Relaxed)
    }

    /// For connections that only listen.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }
}
