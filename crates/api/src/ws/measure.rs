//! Figures of sockets (contract §8.1), all taken here. Labels have few values: nothing that a
//! client says becomes one.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Level;
use metrics::{Counter, Gauge, Histogram};

use super::close::Goodbye;
use super::inbound::Inbound;
use super::message_type::MessageType;

/// The one channel that there is.
const CHANNEL: &str = "general";
/// All levels, for figures that go back to zero too.
pub const LEVELS: [Level; 3] = [Level::Officer, Level::Supervisor, Level::Administrator];

/// Figures of one level.
struct OfLevel {
    established: Counter,
    closed: Counter,
    duration: Histogram,
}

/// Where figures are noted. Looked up once, not at each of ten thousand sockets.
pub struct Measures {
    environment: String,
    levels: [OfLevel; 3],
    sent: [Counter; MessageType::ALL.len()],
    received: [Counter; Inbound::NAMES.len()],
    not_understood: Counter,
    latency: Histogram,
    send: Histogram,
    heartbeat: Gauge,
}

impl Measures {
    /// Figures with `env` of this value.
    pub fn new(environment: &str) -> Self {
        let env = || environment.to_owned();
        let connections = |role: Level, outcome: &'static str| {
            metrics::counter!("ggrt_ws_connections_total", "env" => env(), "channel_type" => CHANNEL,
                "user_role" => role.role(), "connection_outcome" => outcome)
        };
        let received = |name: &'static str| {
            metrics::counter!("ggrt_ws_messages_received_total", "env" => env(), "message_type" => name,
                "channel_type" => CHANNEL)
        };
        Self {
            levels: LEVELS.map(|level| OfLevel {
                established: connections(level, "established"),
                closed: connections(level, "closed"),
                duration: metrics::histogram!("ggrt_ws_connection_duration_seconds", "env" => env(),
                    "channel_type" => CHANNEL, "user_role" => level.role()),
            }),
            sent: MessageType::ALL.map(|kind| {
                metrics::counter!("ggrt_ws_messages_sent_total", "env" => env(), "message_type" => kind.as_str(),
                    "channel_type" => CHANNEL)
            }),
            received: Inbound::NAMES.map(received),
            not_understood: received("unknown"),
            latency: metrics::histogram!("ggrt_message_latency_seconds", "env" => env()),
            send: metrics::histogram!("ggrt_ws_message_duration_seconds", "env" => env(), "channel_type" => CHANNEL),
            heartbeat: metrics::gauge!("ggrt_heartbeat_last_timestamp", "env" => env()),
            environment: environment.to_owned(),
        }
    }

    fn level(&self, level: Level) -> &OfLevel {
        &self.levels[usize::from(level.number()) - 1]
    }

    /// A socket was let in.
    pub fn entered(&self, level: Level) {
        self.level(level).established.increment(1);
    }

    /// A socket ended after some time.
    pub fn left(&self, level: Level, after: Duration) {
        let of = self.level(level);
        of.closed.increment(1);
        of.duration.record(after);
    }

    /// We sent a socket away, or did not let it in.
    pub fn dismissed(&self, goodbye: &Goodbye) {
        let reason = goodbye.label();
        metrics::counter!("gad_ws_closed_total", "reason" => reason).increment(1);
        let severity = match goodbye {
            // Nothing is wrong when a token ends or the process restarts.
            Goodbye::Expired | Goodbye::Revoked | Goodbye::Restart(_) => return,
            Goodbye::Internal => "error",
            _ => "warning",
        };
        self.error(reason, severity);
    }

    /// Something went wrong on a socket.
    pub fn error(&self, kind: &'static str, severity: &'static str) {
        metrics::counter!("ggrt_ws_errors_total", "env" => self.environment.clone(), "error_type" => kind,
            "channel_type" => CHANNEL, "severity" => severity)
        .increment(1);
    }

    /// A peer took a message; `since` is when what it tells happened, for what is told as it happens.
    pub fn sent(&self, kind: MessageType, took: Duration, since: Option<(DateTime<Utc>, DateTime<Utc>)>) {
        self.sent[kind as usize].increment(1);
        self.send.record(took);
        if let Some((happened, now)) = since {
            self.latency.record((now - happened).to_std().unwrap_or_default());
        }
    }

    /// A client said something.
    pub fn received(&self, said: Option<&Inbound>) {
        match said {
            Some(said) => self.received[said.number()].increment(1),
            None => self.not_understood.increment(1),
        }
    }

    /// A sign of life was sent.
    pub fn beat(&self, now: DateTime<Utc>) {
        #[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 stay below 2^53 for two centuries")]
        self.heartbeat.set(now.timestamp_micros() as f64 / 1e6);
    }
}
