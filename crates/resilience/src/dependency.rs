//! Something outside of the process that is asked: with a breaker, a budget of retries, and figures.

use std::sync::Arc;
use std::time::Duration;

use metrics::{Counter, Histogram};

use crate::breaker::{Breaker, BreakerState, Leave, Open, Trip};
use crate::retry_budget::RetryBudget;

/// How a question ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered, be it by a refusal.
    Answered,
    /// The dependency is away.
    Failed,
    /// No answer came in time.
    TimedOut,
}

/// A dependency. Cheap to clone.
#[derive(Clone)]
pub struct Dependency(Arc<Inner>);

struct Inner {
    breaker: Breaker,
    budget: RetryBudget,
    answered: Counter,
    failed: Counter,
    timed_out: Counter,
    refused: Counter,
    retries: Counter,
    seconds: Histogram,
}

impl Dependency {
    /// One that is thought to be there. `name` is its label in the figures, like `postgres`.
    pub fn new(name: &'static str, trip: Trip) -> Self {
        let requests =
            |outcome| metrics::counter!("gad_dependency_requests_total", "dependency" => name, "outcome" => outcome);
        Self(Arc::new(Inner {
            breaker: Breaker::new(name, trip),
            budget: RetryBudget::default(),
            answered: requests("ok"),
            failed: requests("error"),
            timed_out: requests("timeout"),
            refused: requests("refused"),
            retries: metrics::counter!("gad_retries_total", "dependency" => name),
            seconds: metrics::histogram!("gad_dependency_seconds", "dependency" => name),
        }))
    }

    /// Leave to ask.
    ///
    /// # Errors
    /// When it has failed and is not asked for the moment.
    pub fn leave(&self) -> Result<Leave, Open> {
        self.0.breaker.leave().inspect_err(|_| self.0.refused.increment(1))
    }

    /// Notes how a question ended, and after how long.
    pub fn note(&self, outcome: Outcome, took: Duration) {
        let inner = &*self.0;
        inner.seconds.record(took);
        match outcome {
            Outcome::Answered => {
                inner.answered.increment(1);
                inner.budget.earn();
                inner.breaker.answered();
            }
            Outcome::Failed => {
                inner.failed.increment(1);
                inner.breaker.failed();
            }
            Outcome::TimedOut => {
                inner.timed_out.increment(1);
                inner.breaker.failed();
            }
        }
    }

    /// Whether a failed question may be asked again: retries are at most a tenth of what is answered,
    /// so that they cannot make an outage worse.
    pub fn may_retry(&self) -> bool {
        let may = self.0.budget.spend();
        if may {
            self.0.retries.increment(1);
        }
        may
    }

    /// Questions in a row that it did not answer.
    pub fn failures(&self) -> u32 {
        self.0.breaker.failures()
    }

    /// Whether it is asked at present.
    pub fn state(&self) -> BreakerState {
        self.0.breaker.state()
    }
}
