//! Failed sign-ins in a row lock an account for a while.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Time;

/// The failure that locks (contract §3.4).
pub const MAX_FAILURES: i32 = 5;

/// How long a lock holds (contract §3.4).
pub const fn lock_duration() -> TimeDelta {
    TimeDelta::minutes(30)
}

/// Failed sign-ins in a row, and until when they lock the account.
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

    /// What one more failure makes of it. Failures while locked do not lengthen the lock, so
    /// nobody can keep another out by guessing on.
    #[must_use]
    pub fn after_failure(self, now: Time) -> Self {
        if self.remaining(now).is_some() {
            return self;
        }
        // A lock that has run out starts the count anew.
        let failures = if self.until.is_some() { 1 } else { self.failures.saturating_add(1) };
        let until = (failures >= MAX_FAILURES).then(|| now + lock_duration());
        Self { failures, until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_failure_locks_for_half_an_hour_and_then_the_count_starts_anew() {
        let now = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap();
        let mut lockout = Lockout::default();
        for _ in 0..4 {
            lockout = lockout.after_failure(now);
            assert_eq!(lockout.remaining(now), None);
        }
        lockout = lockout.after_failure(now);
        assert_eq!(lockout.remaining(now), Some(TimeDelta::minutes(30)));
        let later = now + TimeDelta::minutes(29);
        assert_eq!(lockout.after_failure(later), lockout, "a failure while locked changes nothing");
        let after = now + TimeDelta::minutes(31);
        assert_eq!(lockout.after_failure(after), Lockout { failures: 1, until: None });
    }
}
