//! What a process knows of the audit: with which keys it signs, and how the proof stands.

use std::sync::{Mutex, OnceLock, PoisonError};

use domain::Time;
use domain::audit::{AuditKey, Verification};
use store::BoxError;

use super::ReadLog;

/// Where the keys come from that sign checkpoints.
pub trait AuditKeys: Send + Sync {
    /// The key that signs, and after it those that handed over to it; none when nobody gave any.
    /// Asked at each signature, so that a key that was changed meanwhile is taken.
    ///
    /// # Errors
    /// Keys that cannot be read.
    fn read(&self) -> Result<Vec<AuditKey>, BoxError>;
}

/// Keys that were given once.
pub struct GivenKeys(pub Vec<AuditKey>);

impl AuditKeys for GivenKeys {
    fn read(&self) -> Result<Vec<AuditKey>, BoxError> {
        Ok(self.0.clone())
    }
}

/// How the proof stands, as far as this process knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuditState {
    /// Lines in the chain.
    pub lines: i64,
    /// Lines without a place in it.
    pub waiting: u64,
    /// The last checkpoint.
    pub checkpoint: Option<LastCheckpoint>,
    /// The last walk along the whole chain.
    pub verified: Option<Verified>,
}

impl AuditState {
    /// Lines that no checkpoint covers yet, those without a place included.
    pub fn unsealed(&self) -> u64 {
        self.waiting + (self.lines - self.checkpoint.map_or(0, |last| last.lines)).max(0).unsigned_abs()
    }
}

/// The last checkpoint, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastCheckpoint {
    /// Its number.
    pub number: i64,
    /// Lines under it.
    pub lines: i64,
    /// When it was signed.
    pub at: Time,
}

/// What a walk has found.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// When it ended.
    pub at: Time,
    /// What it found.
    pub found: Verification,
}

/// Keys, state and waiting lines of one process.
pub struct AuditDesk {
    keys: Box<dyn AuditKeys>,
    // A std mutex: held only to copy.
    state: Mutex<AuditState>,
    opened: OnceLock<Time>,
    reads: ReadLog,
}

impl AuditDesk {
    /// With these keys, before anything is known.
    pub fn new(keys: impl AuditKeys + 'static) -> Self {
        Self { keys: Box::new(keys), state: Mutex::default(), opened: OnceLock::new(), reads: ReadLog::default() }
    }

    /// The keys.
    pub fn keys(&self) -> Result<Vec<AuditKey>, BoxError> {
        self.keys.read()
    }

    /// Lines of reads that wait to be written.
    pub const fn reads(&self) -> &ReadLog {
        &self.reads
    }

    /// When somebody first asked, which is `now` for the first one.
    pub fn opened(&self, now: Time) -> Time {
        *self.opened.get_or_init(|| now)
    }

    /// How the proof stands.
    pub fn state(&self) -> AuditState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes how it stands.
    pub fn note(&self, change: impl FnOnce(&mut AuditState)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
