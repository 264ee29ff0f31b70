//! Whoever does not answer is not asked for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::time::Duration;

use failsafe::failure_policy::{
    ConsecutiveFailures, OrElse, SuccessRateOverTimeWindow, consecutive_failures, success_rate_over_time_window,
};
use failsafe::{FailurePolicy, Instrument, StateMachine};

use crate::defect::Defect;

/// Share of answers below which it opens, over [`WINDOW`] and from [`ENOUGH`] questions on.
const ANSWERED: f64 = 0.5;
const WINDOW: Duration = Duration::from_secs(10);
const ENOUGH: u32 = 20;

/// Whether a dependency is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// It is.
    Closed = 0,
    /// It is not.
    Open = 1,
    /// One question at a time finds out whether it answers again.
    HalfOpen = 2,
}

/// The dependency is not asked at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} has not answered and is not asked for the moment")]
pub struct Open(pub &'static str);

/// When it opens, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Trip {
    /// Failures one after the other that open it.
    pub in_a_row: u32,
    /// How long it is open at first; up to half less by chance, doubled at each failed trial.
    pub first: Duration,
    /// How long it is open at most.
    pub longest: Duration,
}

impl Default for Trip {
    fn default() -> Self {
        Self { in_a_row: 5, first: Duration::from_millis(500), longest: Duration::from_secs(4) }
    }
}

/// Pauses that double, each less a part by chance so that replicas do not try together. Those of
/// `failsafe` cannot be shorter than a second.
#[derive(Debug, Clone)]
pub struct Pauses {
    first: Duration,
    next: Duration,
    longest: Duration,
}

impl Pauses {
    /// Pauses that begin with `first`, and are never longer than `longest`.
    pub const fn between(first: Duration, longest: Duration) -> Self {
        Self { first, next: first, longest }
    }

    /// The pause before the next try: at most as long as its turn says, and at least half of that.
    pub fn pause(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.longest);
        pause.mul_f64(rand::random_range(0.5..=1.0))
    }

    /// Begins again with the first pause, after a try that succeeded.
    pub const fn reset(&mut self) {
        self.next = self.first;
    }
}

impl Iterator for Pauses {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        Some(self.pause())
    }
}

/// Opens when its dependency fails, and tries it again by itself. What a client did wrong is no
/// failure of a dependency: whoever notes outcomes has to tell the two apart.
///
/// The states are those of the `failsafe` crate; that one question at a time is let through while
/// half open is ours, since there a crowd would wait for a dependency that is still away.
pub struct Breaker {
    name: &'static str,
    machine: StateMachine<OrElse<SuccessRateOverTimeWindow<Pauses>, ConsecutiveFailures<Pauses>>, Watch>,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    state: AtomicU8,
    trying: AtomicBool,
    failures: AtomicU32,
}

struct Watch {
    name: &'static str,
    seen: Arc<Seen>,
}

impl Watch {
    fn enters(&self, state: BreakerState) {
        let before = self.seen.state.swap(state as u8, Ordering::AcqRel);
        metrics::gauge!("gad_breaker_state", "dependency" => self.name).set(f64::from(state as u8));
        if before != state as u8 {
            tracing::warn!(dependency = self.name, ?state, "breaker");
        }
    }
}

impl Instrument for Watch {
    fn on_call_rejected(&self) {}

    fn on_open(&self) {
        self.enters(BreakerState::Open);
    }

    fn on_half_open(&self) {
        self.enters(BreakerState::HalfOpen);
    }

    fn on_closed(&self) {
        self.enters(BreakerState::Closed);
    }
}

/// Leave to ask. Of a trial, the next may begin when it is dropped.
pub struct Leave(Option<Arc<Seen>>);

impl Drop for Leave {
    fn drop(&mut self) {
        if let Some(seen) = &self.0 {
            seen.trying.store(false, Ordering::Release);
        }
    }
}

impl Breaker {
    /// A closed one.
    pub fn new(name: &'static str, trip: Trip) -> Self {
        let pauses = || Pauses::between(trip.first, trip.longest);
        let policy = success_rate_over_time_window(ANSWERED, ENOUGH, WINDOW, pauses())
            .or_else(consecutive_failures(trip.in_a_row, pauses()));
        let seen = Arc::new(Seen::default());
        Self { name, machine: StateMachine::new(policy, Watch { name, seen: seen.clone() }), seen }
    }

    /// Leave to ask the dependency.
    ///
    /// # Errors
    /// When it is not to be asked at present.
    pub fn leave(&self) -> Result<Leave, Open> {
        if !self.machine.is_call_permitted() {
            return Err(Open(self.name));
        }
        if self.state() != BreakerState::HalfOpen {
            return Ok(Leave(None));
        }
        if self.seen.trying.swap(true, Ordering::AcqRel) {
            return Err(Open(self.name));
        }
        Ok(Leave(Some(self.seen.clone())))
    }

    /// Notes that the dependency answered, whatever it said.
    pub fn answered(&self) {
        self.seen.failures.store(0, Ordering::Relaxed);
        self.machine.on_success();
    }

    /// Notes that it did not, or not in time.
    pub fn failed(&self) {
        if Defect::NoBreaker.is_planted() {
            return;
        }
        self.seen.failures.fetch_add(1, Ordering::Relaxed);
        self.machine.on_error();
    }

    /// Failures since the last answer.
    pub fn failures(&self) -> u32 {
        self.seen.failures.load(Ordering::Relaxed)
    }

    /// Whether it is asked.
    pub fn state(&self) -> BreakerState {
        match self.seen.state.load(Ordering::Acquire) {
            0 => BreakerState::Closed,
            1 => BreakerState::Open,
            _ => BreakerState::HalfOpen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN_A_ROW: u32 = 5;

    fn breaker() -> Breaker {
        let (first, longest) = (Duration::from_millis(2), Duration::from_millis(4));
        Breaker::new("luna", Trip { in_a_row: IN_A_ROW, first, longest })
    }

    fn after_its_pause(breaker: &Breaker) -> Leave {
        loop {
            if let Ok(leave) = breaker.leave() {
                return leave;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_lets_one_at_a_time_try() {
        let breaker = breaker();
        for _ in 0..IN_A_ROW {
            assert!(breaker.leave().is_ok());
            breaker.failed();
        }
        assert_eq!((breaker.state(), breaker.failures()), (BreakerState::Open, IN_A_ROW));
        let trial = after_its_pause(&breaker);
        assert_eq!(breaker.state(), BreakerState::HalfOpen);
        assert_eq!(breaker.leave().err(), Some(Open("luna")));
        // Whoever tried went away without an answer: another may try.
        drop(trial);
        let _trial = breaker.leave().unwrap();
        breaker.answered();
        assert_eq!((breaker.state(), breaker.failures()), (BreakerState::Closed, 0));
        assert!(breaker.leave().is_ok() && breaker.leave().is_ok());
    }

    #[test]
    fn a_trial_that_fails_opens_it_again() {
        let breaker = breaker();
        (0..IN_A_ROW).for_each(|_| breaker.failed());
        let _trial = after_its_pause(&breaker);
        breaker.failed();
        assert_eq!(breaker.state(), BreakerState::Open);
    }

    #[test]
    fn a_failure_now_and_then_opens_nothing() {
        let breaker = breaker();
        for _ in 0..100 {
            breaker.failed();
            (0..4).for_each(|_| breaker.answered());
        }
        assert_eq!(breaker.state(), BreakerState::Closed);
    }
}
