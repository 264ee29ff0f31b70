//! What is said once, however often it happens.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Most things that are remembered; beyond them nothing more is said, so that strangers fill neither
/// memory nor log.
const MOST: usize = 256;

/// Remembers what was said already.
#[derive(Debug)]
pub struct OncePer<T>(Mutex<BTreeSet<T>>);

impl<T> Default for OncePer<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Ord> OncePer<T> {
    /// Whether this is the first time.
    pub fn is_first(&self, what: T) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.len() < MOST && seen.insert(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_first_once_and_there_are_not_too_many() {
        let seen = OncePer::default();
        assert!(seen.is_first(0) && !seen.is_first(0));
        let more = (1..10_000).filter(|n| seen.is_first(*n)).count();
        assert_eq!(more, MOST - 1);
    }
}
