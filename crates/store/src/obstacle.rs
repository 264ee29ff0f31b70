//! What keeps a store from taking changes while it may be read.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::Error;

/// Why the last change was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// No room on the disk.
    NoSpace,
    /// A standby, or a file system that is mounted to be read only.
    ReadOnly,
    /// The account of this process may not change the database.
    Denied,
}

impl Obstacle {
    const ALL: [Self; 3] = [Self::NoSpace, Self::ReadOnly, Self::Denied];

    /// The obstacle behind an error, if it is one.
    pub const fn behind(error: &Error) -> Option<Self> {
        match error {
            Error::Full(_) => Some(Self::NoSpace),
            Error::ReadOnly(_) => Some(Self::ReadOnly),
            Error::Denied(_) => Some(Self::Denied),
            Error::Conflict(_)
            | Error::Stale
            | Error::Contention(_)
            | Error::Unavailable { .. }
            | Error::Unprepared(_)
            | Error::SchemaTooNew { .. }
            | Error::SchemaTooOld { .. }
            | Error::InUse { .. }
            | Error::Internal(_) => None,
        }
    }

    /// As a word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoSpace => "no_space",
            Self::ReadOnly => "read_only",
            Self::Denied => "record_denied",
        }
    }
}

/// The obstacle that the last change met. Shared by all transactions of a store.
#[derive(Debug, Default)]
pub struct LastObstacle(AtomicU8);

impl LastObstacle {
    /// Notes the error of a change; most errors are no obstacles.
    pub fn met(&self, error: &Error) {
        if let Some(obstacle) = Obstacle::behind(error) {
            self.set(Some(obstacle));
        }
    }

    /// Sets it, or notes that a change was stored.
    pub fn set(&self, obstacle: Option<Obstacle>) {
        self.0.store(obstacle.map_or(0, |obstacle| obstacle as u8 + 1), Ordering::Relaxed);
    }

    /// The obstacle, if the last change met one.
    pub fn get(&self) -> Option<Obstacle> {
        let place = usize::from(self.0.load(Ordering::Relaxed)).checked_sub(1)?;
        Obstacle::ALL.get(place).copied()
    }
}
