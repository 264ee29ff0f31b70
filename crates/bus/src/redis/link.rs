//! The connection that all parts share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, ConnectionAddr, RedisResult};
use resilience::{BreakerState, Dependency, Outcome, Trip, deadline};

use super::address::RedisAddress;
use super::failure::RedisFailure;

/// Longest wait for an answer (design §6).
pub const ANSWER: Duration = Duration::from_millis(500);
/// Longest time for making a connection, handshake and sign-in included. A caller waits for
/// [`ANSWER`] of it at most.
pub(super) const CONNECT: Duration = Duration::from_secs(2);
/// After the first failure nobody asks for a while: a caller who would wait degrades at once.
const TRIP: Trip = Trip { in_a_row: 1, first: Duration::from_millis(500), longest: Duration::from_secs(2) };
/// Longest pause between two tries to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// The probe as an operation.
const PROBING: &str = "probe";
/// Key and channel of the probe.
const PROBE: &str = "gad:sonda";
/// How long the key of the probe exists, in milliseconds.
const PROBE_LIFE: u64 = 1000;

/// A connection that comes back by itself. Cheap to clone.
#[derive(Clone)]
pub struct Link(Arc<Inner>);

struct Inner {
    client: Client,
    // Std mutexes: held to copy or exchange a value, never across an await.
    connection: Mutex<Connection>,
    dependency: Dependency,
    state: Mutex<LinkState>,
}

struct Connection {
    manager: ConnectionManager,
    made: Instant,
    has_answered: bool,
}

/// Whether Redis does what it is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LinkState {
    /// Not tried yet.
    Untried,
    /// It does.
    Usable,
    /// It does not: why, and which operation met it.
    Failing(RedisFailure, &'static str),
    /// It refuses one operation and carries out others: why, and which one.
    Refusing(RedisFailure, &'static str),
}

impl LinkState {
    /// Whether a read that is answered would prove nothing.
    fn wants_probe(self) -> bool {
        matches!(self, Self::Untried | Self::Failing(..))
    }

    /// Why it does not do what it is asked for.
    fn failure(self) -> Option<RedisFailure> {
        match self {
            Self::Failing(failure, _) | Self::Refusing(failure, _) => Some(failure),
            Self::Untried | Self::Usable => None,
        }
    }
}

/// A connection that is made when it is first needed.
fn connection(client: &Client) -> RedisResult<Connection> {
    let config = ConnectionManagerConfig::new()
        .set_response_timeout(Some(ANSWER))
        .set_connection_timeout(Some(CONNECT))
        .set_number_of_retries(0)
        .set_max_delay(LONGEST_PAUSE);
    let manager = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
    Ok(Connection { manager, made: Instant::now(), has_answered: false })
}

/// Takes the state of a server that does what it is asked for.
fn comes_back(state: &mut LinkState) {
    *state = LinkState::Usable;
    tracing::info!("Redis answers");
}

/// Runs one of each kind of command that the office needs: a write, a script that writes, and
/// a message. A server that answers reads only is not usable.
async fn probe(mut redis: ConnectionManager) -> RedisResult<()> {
    redis::cmd("SET").arg(PROBE).arg(1).arg("PX").arg(PROBE_LIFE).exec_async(&mut redis).await?;
    let script = "return redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])";
    redis::cmd("EVAL").arg(script).arg(1).arg(PROBE).arg(PROBE_LIFE).exec_async(&mut redis).await?;
    redis::cmd("PUBLISH").arg(PROBE).arg("").exec_async(&mut redis).await
}

impl Link {
    /// A connection to `address` that is made when it is first needed.
    ///
    /// # Errors
    /// When the library cannot use the address; whether a server is there is not tried.
    pub fn new(address: &RedisAddress) -> RedisResult<Self> {
        let client = address.client().clone();
        Ok(Self(Arc::new(Inner {
            connection: Mutex::new(connection(&client)?),
            client,
            dependency: Dependency::new("redis", TRIP),
            state: Mutex::new(LinkState::Untried),
        })))
    }

    /// Asks Redis; `None` when it does not answer in time, or did not a moment ago. While it is not
    /// known to be usable, a question is preceded by a probe that writes.
    pub async fn ask<T, F>(&self, what: &'static str, question: impl FnOnce(ConnectionManager) -> F) -> Option<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let _leave = self.0.dependency.leave().ok()?;
        let begun = Instant::now();
        let manager = self.connection().manager.clone();
        let before = *self.state();
        let is_probed = self.0.dependency.state() != BreakerState::Closed || before.wants_probe();
        let probed = async {
            if is_probed {
                probe(manager.clone()).await.map_err(|error| (PROBING, error))?;
            }
            question(manager).await.map_err(|error| (what, error))
        };
        match deadline("redis", ANSWER, probed).await {
            Ok(Ok(answer)) => {
                self.0.dependency.note(Outcome::Answered, begun.elapsed());
                self.connection().has_answered = true;
                if before != LinkState::Usable {
                    self.succeeded(what, is_probed);
                }
                Some(answer)
            }
            Ok(Err((what, error))) => {
                let failure = RedisFailure::of_error(&error);
                let outcome = if error.is_timeout() {
                    Outcome::TimedOut
                } else if what != PROBING && failure.is_of_one_command() {
                    // The breaker would take away the operations that are carried out.
                    Outcome::Answered
                } else {
                    Outcome::Failed
                };
                self.0.dependency.note(outcome, begun.elapsed());
                if failure.needs_new_connection() {
                    self.connects_again();
                }
                self.failed(what, failure, &error.to_string());
                None
            }
            Err(elapsed) => {
                // Less than Redis may take was left of the request: that is not its fault.
                if elapsed.limit >= ANSWER {
                    self.0.dependency.note(Outcome::TimedOut, begun.elapsed());
                    let (is_new, age) = {
                        let connection = self.connection();
                        (!connection.has_answered, connection.made.elapsed())
                    };
                    // A port that speaks plain text waits for the end of a line, and answers nothing.
                    let is_tls = matches!(self.0.client.get_connection_info().addr(), ConnectionAddr::TcpTls { .. });
                    let failure = if is_new && is_tls { RedisFailure::Handshake } else { RedisFailure::Unreachable };
                    if !is_new || age >= CONNECT {
                        self.connects_again();
                    }
                    self.failed(what, failure, &elapsed.to_string());
                }
                None
            }
        }
    }

    /// Gives up a connection that failed. The library would ask for ever over one that something in
    /// between has forgotten, and over one that was cut while it was greeted.
    fn connects_again(&self) {
        if let Ok(connection) = connection(&self.0.client) {
            *self.connection() = connection;
        }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, LinkState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records that an operation was carried out. One that was refused stays so, though a probe and
    /// others are carried out.
    fn succeeded(&self, what: &'static str, is_probed: bool) {
        let mut state = self.state();
        match *state {
            LinkState::Refusing(_, refused) if refused == what => comes_back(&mut state),
            LinkState::Failing(failure, refused)
                if is_probed && failure.is_of_one_command() && refused != what && refused != PROBING =>
            {
                *state = LinkState::Refusing(failure, refused);
            }
            LinkState::Untried | LinkState::Failing(..) if is_probed => comes_back(&mut state),
            LinkState::Untried | LinkState::Usable | LinkState::Failing(..) | LinkState::Refusing(..) => {}
        }
    }

    /// Records that an operation which the access list refused is allowed now.
    pub(super) fn is_allowed(&self, what: &'static str) {
        let mut state = self.state();
        if *state == LinkState::Refusing(RedisFailure::NoPermission, what) {
            comes_back(&mut state);
        }
    }

    /// Records why an operation was not carried out.
    fn failed(&self, what: &'static str, failure: RedisFailure, error: &str) {
        self.becomes(LinkState::Failing(failure, what), what, failure, error);
    }

    /// Records why an operation is refused which says nothing of the others.
    pub(super) fn is_refused(&self, what: &'static str, failure: RedisFailure, error: &str) {
        self.becomes(LinkState::Refusing(failure, what), what, failure, error);
    }

    /// Takes a state of failure, and logs it once for each cause, not at every call of an outage.
    fn becomes(&self, state: LinkState, what: &'static str, failure: RedisFailure, error: &str) {
        let before = std::mem::replace(&mut *self.state(), state);
        if before.failure() != Some(failure) {
            tracing::warn!(what, error, "Redis {failure}; going on without it");
        }
    }

    /// Whether Redis does what it is asked for, as far as is known.
    pub fn answers(&self) -> bool {
        *self.state() == LinkState::Usable
    }

    /// Why it does not.
    pub fn failure(&self) -> Option<RedisFailure> {
        self.state().failure()
    }

    /// For connections that only listen.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }
}
