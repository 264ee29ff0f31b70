//! The connection that all parts share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult};
use resilience::{Dependency, Outcome, Trip, deadline};

/// Longest wait for an answer (design §6).
pub const ANSWER: Duration = Duration::from_millis(500);
/// After the first failure nobody asks for a while: a caller who would wait degrades at once.
const TRIP: Trip = Trip { in_a_row: 1, first: Duration::from_millis(500), longest: Duration::from_secs(2) };
/// Longest pause between two tries to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A connection that comes back by itself. Cheap to clone.
#[derive(Clone)]
pub struct Link(Arc<Inner>);

struct Inner {
    client: Client,
    // A std mutex: held to copy or exchange the handle, never across an await.
    manager: Mutex<ConnectionManager>,
    dependency: Dependency,
    answered: AtomicBool,
}

/// A URL that names no Redis.
#[derive(Debug, thiserror::Error)]
#[error("must be redis:// or rediss://, a host and maybe a port, like redis://127.0.0.1:6379")]
pub struct NoRedisUrl(#[source] redis::RedisError);

/// A connection that is made when it is first needed.
fn connection(client: &Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_response_timeout(Some(ANSWER))
        .set_connection_timeout(Some(ANSWER))
        .set_number_of_retries(0)
        .set_max_delay(LONGEST_PAUSE);
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

impl Link {
    /// A connection to `url` that is made when it is first needed.
    ///
    /// # Errors
    /// When the URL names no Redis; whether one is there is not asked.
    pub fn new(url: &str) -> Result<Self, NoRedisUrl> {
        let client = Client::open(url).map_err(NoRedisUrl)?;
        let manager = Mutex::new(connection(&client).map_err(NoRedisUrl)?);
        Ok(Self(Arc::new(Inner {
            client,
            manager,
            dependency: Dependency::new("redis", TRIP),
            answered: AtomicBool::new(false),
        })))
    }

    /// Asks Redis; `None` when it does not answer in time, or did not a moment ago.
    pub async fn ask<T, F>(&self, what: &'static str, question: impl FnOnce(ConnectionManager) -> F) -> Option<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let _leave = self.0.dependency.leave().ok()?;
        let begun = Instant::now();
        let manager = self.0.manager.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match deadline("redis", ANSWER, question(manager)).await {
            Ok(Ok(answer)) => {
                self.0.dependency.note(Outcome::Answered, begun.elapsed());
                if !self.0.answered.swap(true, Ordering::Relaxed) {
                    tracing::info!("Redis answers");
                }
                Some(answer)
            }
            Ok(Err(error)) => {
                let outcome = if error.is_timeout() { Outcome::TimedOut } else { Outcome::Failed };
                self.0.dependency.note(outcome, begun.elapsed());
                self.connects_anew();
                self.goes_on_without(what, &error.to_string())
            }
            Err(elapsed) => {
                // Less than Redis may take was left of the request: that is not its fault.
                if elapsed.limit >= ANSWER {
                    self.0.dependency.note(Outcome::TimedOut, begun.elapsed());
                    self.connects_anew();
                }
                self.goes_on_without(what, &elapsed.to_string())
            }
        }
    }

    /// Gives up a connection that failed. The library would ask for ever over one that something in
    /// between has forgotten, and over one that was cut while it was greeted.
    fn connects_anew(&self) {
        if let Ok(anew) = connection(&self.0.client) {
            *self.0.manager.lock().unwrap_or_else(PoisonError::into_inner) = anew;
        }
    }

    fn goes_on_without<T>(&self, what: &'static str, error: &str) -> Option<T> {
        // Once, not at every call of an outage.
        if self.0.answered.swap(false, Ordering::Relaxed) {
            tracing::warn!(what, error, "Redis does not answer; going on without it");
        }
        None
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
