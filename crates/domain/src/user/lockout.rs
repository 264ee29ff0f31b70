//! Failed sign-ins in a row close an account for a while: to the place that they came from after a
//! few, to places that it has never been entered from after many.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Time;

/// The failure that closes an account to the place that it came from (contract §3.4).
pub const MAX_FAILURES: i32 = 5;
/// The failure, wherever each came from, that closes an account to strange places. Ten places must
/// have been closed before, or one have come back for hours.
pub const MAX_FAILURES_ANYWHERE: i32 = 50;

/// How long a lock holds (contract §3.4).
pub const fn lock_duration() -> TimeDelta {
    TimeDelta::minutes(30)
}

/// How long a place counts as known after the last sign-in from there.
pub const fn known_for() -> TimeDelta {
    TimeDelta::days(90)
}

/// Failed sign-ins in a row, and until when they lock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lockout {
    /// `intentos_fallidos`.
    pub failures: i32,
    /// `bloqueado_hasta`.
    pub until: Option<Time>,
}

impl Lockout {
    /// Time left until sign-in is possible again; `None` when it is.
    pub fn remaining(&self, now: Time) -> Option<TimeDelta> {
        self.until.map(|until| until - now).filter(|left| *left > TimeDelta::zero())
    }

    /// Whether it holds for longer than failed sign-ins make it: it does not end by itself soon.
    pub fn lasts(&self, now: Time) -> bool {
        self.remaining(now).is_some_and(|left| left > lock_duration())
    }

    /// What one more failure makes of it where `most` lock. Failures while locked do not lengthen
    /// the lock, so nobody can keep another out by guessing on.
    #[must_use]
    pub fn after_failure(self, most: i32, now: Time) -> Self {
        if self.remaining(now).is_some() {
            return self;
        }
        // A lock that has run out starts the count anew.
        let failures = if self.until.is_some() { 1 } else { self.failures.saturating_add(1) };
        let until = (failures >= most).then(|| now + lock_duration());
        Self { failures, until }
    }
}

/// How sign-ins of one user from one place have gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// Those that failed.
    pub lockout: Lockout,
    /// The last that did not.
    pub entered_at: Option<Time>,
    /// The last of all.
    pub last_at: Time,
}

impl Attempts {
    /// None yet.
    pub fn none(now: Time) -> Self {
        Self { lockout: Lockout::default(), entered_at: None, last_at: now }
    }

    /// Time left until the account, whose failures anywhere are `anywhere`, may be entered from
    /// here; `None` when it may.
    pub fn closed_for(&self, anywhere: &Lockout, now: Time) -> Option<TimeDelta> {
        let is_known = self.entered_at.is_some_and(|at| now - at < known_for());
        self.lockout_here(now).remaining(now).or_else(|| anywhere.remaining(now).filter(|_| !is_known))
    }

    /// After one more failure.
    #[must_use]
    pub fn failed(self, now: Time) -> Self {
        Self { lockout: self.lockout_here(now).after_failure(MAX_FAILURES, now), last_at: now, ..self }
    }

    /// The lockout of this place. Only failed sign-ins make one, so that one that holds for longer than they can
    /// make it was written by a clock that was ahead, and is void.
    fn lockout_here(&self, now: Time) -> Lockout {
        if self.lockout.lasts(now) { Lockout::default() } else { self.lockout }
    }

    /// After a sign-in.
    #[must_use]
    pub fn entered(self, now: Time) -> Self {
        Self { lockout: Lockout::default(), entered_at: Some(now), last_at: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Time {
        chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap()
    }

    #[test]
    fn the_fifth_failure_locks_for_half_an_hour_and_then_the_count_starts_anew() {
        let now = noon();
        let mut lockout = Lockout::default();
        for _ in 0..4 {
            lockout = lockout.after_failure(MAX_FAILURES, now);
            assert_eq!(lockout.remaining(now), None);
        }
        lockout = lockout.after_failure(MAX_FAILURES, now);
        assert_eq!(lockout.remaining(now), Some(TimeDelta::minutes(30)));
        let later = now + TimeDelta::minutes(29);
        assert_eq!(lockout.after_failure(MAX_FAILURES, later), lockout, "a failure while locked changes nothing");
        let after = now + TimeDelta::minutes(31);
        assert_eq!(lockout.after_failure(MAX_FAILURES, after), Lockout { failures: 1, until: None });
    }

    #[test]
    fn many_failures_elsewhere_close_an_account_to_strange_places_only() {
        let now = noon();
        let mut anywhere = Lockout::default();
        for _ in 0..MAX_FAILURES_ANYWHERE {
            anywhere = anywhere.after_failure(MAX_FAILURES_ANYWHERE, now);
        }
        let strange = Attempts::none(now);
        assert_eq!(strange.closed_for(&anywhere, now), Some(lock_duration()));
        let known = strange.entered(now - TimeDelta::days(89));
        assert_eq!(known.closed_for(&anywhere, now), None);
        assert_eq!(known.failed(now).closed_for(&anywhere, now), None, "one slip closes nothing");
        let forgotten = strange.entered(now - TimeDelta::days(90));
        assert_eq!(forgotten.closed_for(&anywhere, now), Some(lock_duration()));
    }

    #[test]
    fn a_known_place_that_guesses_is_closed_too() {
        let now = noon();
        let guessing = (0..MAX_FAILURES).fold(Attempts::none(now).entered(now), |place, _| place.failed(now));
        assert_eq!(guessing.closed_for(&Lockout::default(), now), Some(lock_duration()));
        assert_eq!(guessing.entered(now).closed_for(&Lockout::default(), now), None);
    }

    #[test]
    fn a_clock_that_was_ahead_locks_no_place_for_longer_than_failures_do() {
        let (right, ahead) = (noon(), noon() + TimeDelta::hours(1));
        let mut attempts = Attempts::none(ahead);
        for _ in 0..MAX_FAILURES {
            attempts = attempts.failed(ahead);
        }
        assert_eq!(attempts.closed_for(&Lockout::default(), ahead), Some(lock_duration()));
        assert_eq!(attempts.closed_for(&Lockout::default(), right), None);
        for _ in 0..MAX_FAILURES {
            assert_eq!(attempts.closed_for(&Lockout::default(), right), None);
            attempts = attempts.failed(right);
        }
        assert_eq!(
            attempts.closed_for(&Lockout::default(), right),
            Some(lock_duration()),
            "failures are counted again"
        );
    }
}
