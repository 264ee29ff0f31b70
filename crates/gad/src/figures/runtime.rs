//! Figures of tokio's runtime: those that it gives without `tokio_unstable`
//! (docs/decisions/0018-observability.md).

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

/// How long the runtime's threads had worked at a moment, all together.
pub struct Busy {
    at: Instant,
    worked: Duration,
}

impl Busy {
    /// At this moment.
    pub fn now() -> Self {
        let runtime = Handle::current().metrics();
        let worked = (0..runtime.num_workers()).map(|worker| runtime.worker_total_busy_duration(worker)).sum();
        Self { at: Instant::now(), worked }
    }
}

/// Brings the figures up to date. The share of time that threads worked is that since the last call.
pub fn refresh(before: &Mutex<Busy>) {
    let runtime = Handle::current().metrics();
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    let (alive, queued, threads) =
        (runtime.num_alive_tasks() as f64, runtime.global_queue_depth() as f64, runtime.num_workers() as f64);
    metrics::gauge!("gad_runtime_alive_tasks").set(alive);
    metrics::gauge!("gad_runtime_queue_depth").set(queued);
    let now = Busy::now();
    let mut before = before.lock().unwrap_or_else(PoisonError::into_inner);
    let (worked, lasted) = (now.worked.saturating_sub(before.worked), now.at - before.at);
    if !lasted.is_zero() {
        // A turn is counted when it ends, so a long one may make more than all of the time.
        let ratio = worked.as_secs_f64() / (lasted.as_secs_f64() * threads);
        metrics::gauge!("gad_runtime_busy_ratio").set(ratio.min(1.0));
    }
    *before = now;
}
