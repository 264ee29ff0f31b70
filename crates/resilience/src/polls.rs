//! How long a task holds a thread of the runtime each time it is asked to go on.

use std::pin::pin;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What moments are counted from, so that one fits into an atomic.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Nanoseconds since the first question; never 0.
pub(crate) fn now() -> u64 {
    u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1)
}

/// What was counted of one task. `tokio_metrics::TaskMonitor` counts the same, but cannot say that
/// a task holds its thread at this moment, which is what the watchdog must know of a stall.
#[derive(Debug, Default)]
pub(crate) struct Polls {
    count: AtomicU64,
    nanos: AtomicU64,
    /// Since when it holds a thread; 0 when it does not.
    since: AtomicU64,
}

/// One turn of a task, ended by a panic too.
struct Turn<'a> {
    polls: &'a Polls,
    begun: u64,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let Self { polls, begun } = self;
        polls.since.store(0, Ordering::Relaxed);
        polls.count.fetch_add(1, Ordering::Relaxed);
        polls.nanos.fetch_add(now().saturating_sub(*begun), Ordering::Relaxed);
    }
}

impl Polls {
    /// How often the task was asked to go on, and how long that took in all.
    pub fn total(&self) -> (u64, Duration) {
        (self.count.load(Ordering::Relaxed), Duration::from_nanos(self.nanos.load(Ordering::Relaxed)))
    }

    /// For how long it has held its thread in this turn.
    pub fn held(&self) -> Option<Duration> {
        match self.since.load(Ordering::Relaxed) {
            0 => None,
            since => Some(Duration::from_nanos(now().saturating_sub(since))),
        }
    }

    /// Does `work` and counts its turns.
    pub async fn counting<F: Future>(&self, work: F) -> F::Output {
        let mut work = pin!(work);
        std::future::poll_fn(|cx| {
            let begun = now();
            self.since.store(begun, Ordering::Relaxed);
            let _turn = Turn { polls: self, begun };
            work.as_mut().poll(cx)
        })
        .await
    }
}
