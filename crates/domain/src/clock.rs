//! Time and chance as traits, so that a test owns both. Only the binary builds the real ones.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An instant in UTC. Both stores keep microseconds, so every instant that a [`Clock`] gives is
/// cut to them: what is written is what is read back.
pub type Time = DateTime<Utc>;

/// Cuts an instant to the microseconds that the stores keep.
pub fn to_micros(time: Time) -> Time {
    DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time)
}

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The present instant, in whole microseconds.
    fn now(&self) -> Time;
}

/// Where randomness comes from. The real one must be fit for secrets.
pub trait Rng: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);

    /// A random (version 4) UUID.
    fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
