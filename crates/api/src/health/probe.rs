//! What is known of the parts that others depend on. Many ask at once, so that the record is asked
//! at most once a second.

use std::time::{Duration, Instant};

use app::Context;
use resilience::deadline;

/// How long an answer of the record stands.
const FRESH: Duration = Duration::from_secs(1);
/// Longest wait for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks the record for signs of life. Cheap to clone.
#[derive(Clone)]
pub struct Probe {
    answers: moka::future::Cache<(), Answer>,
    start: Instant,
}

/// What the record said.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// Whether it answered in time.
    pub well: bool,
    /// How long it took, milliseconds.
    pub took_ms: f64,
}

impl Probe {
    /// Nothing asked yet; the office starts now.
    pub fn new() -> Self {
        Self {
            answers: moka::future::Cache::builder().max_capacity(1).time_to_live(FRESH).build(),
            start: Instant::now(),
        }
    }

    /// Since the start.
    pub fn uptime(&self) -> Duration {
        self.start.elapsed()
    }

    /// Whether the record answers, at most a second old.
    pub async fn database(&self, cx: &Context) -> Answer {
        let ask = async {
            let start = Instant::now();
            let well = match deadline("health", PATIENCE, cx.store.ping()).await {
                Ok(Ok(_)) => true,
                Ok(Err(error)) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "the record does not answer");
                    false
                }
                Err(elapsed) => {
                    tracing::warn!(error = &elapsed as &dyn std::error::Error, "the record does not answer");
                    false
                }
            };
            Answer { well, took_ms: start.elapsed().as_secs_f64() * 1000.0 }
        };
        self.answers.get_with((), ask).await
    }
}
