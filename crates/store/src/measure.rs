//! Figures of a store: what it is asked, and the waits for its connections. Both stores note them
//! here, so that they mean the same.

use std::time::Duration;

use metrics::{Counter, Histogram};
use tracing::Span;

/// Most characters of a statement in a line of the log.
const TEXT: usize = 300;

/// Where one store notes what it does. Looked up once, not at each query; so whoever collects
/// figures must do so before the store is opened.
pub struct Measures {
    engine: &'static str,
    slow: Duration,
    queries: Counter,
    slow_queries: Counter,
}

impl Measures {
    /// For the store of an engine, as [`crate::StoreInfo`] names it; a query that takes `slow` or
    /// longer is said in the log.
    pub fn new(engine: &'static str, slow: Duration) -> Self {
        Self {
            engine,
            slow,
            queries: metrics::counter!("database_queries_total", "store" => engine),
            slow_queries: metrics::counter!("gad_slow_queries_total"),
        }
    }

    /// The span of one statement, for traces. Costs nothing while nobody collects them.
    pub fn query(&self, text: &str) -> Span {
        tracing::debug_span!("query", store = self.engine, statement = one_line(text))
    }

    /// Notes one statement. `text` holds no values: these are bound, and never logged.
    pub fn queried(&self, text: &str, took: Duration, succeeded: bool) {
        self.queries.increment(1);
        if took < self.slow {
            return;
        }
        self.slow_queries.increment(1);
        let (statement, duration_ms) = (one_line(text), took.as_secs_f64() * 1e3);
        tracing::warn!(code = "slow_query", store = self.engine, statement, duration_ms, succeeded, "slow query");
    }
}

fn one_line(statement: &str) -> String {
    let words: Vec<&str> = statement.split_whitespace().collect();
    words.join(" ").chars().take(TEXT).collect()
}

/// Connections of one pool, at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// What it leads to: `postgres`, `sqlite` or `sqlite_writer`.
    pub dependency: &'static str,
    /// Most connections.
    pub size: u32,
    /// In hand.
    pub in_use: u32,
}

/// Where waits for a connection of a pool are noted.
pub fn pool_waits(dependency: &'static str) -> Histogram {
    metrics::histogram!("gad_pool_wait_seconds", "dependency" => dependency)
}
