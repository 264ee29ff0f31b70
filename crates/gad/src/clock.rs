//! The real time and the real chance: the only place that reads them.

use domain::{Clock, Rng, Time, to_micros};

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that the lint asks for")]
    fn now(&self) -> Time {
        to_micros(chrono::Utc::now())
    }
}

/// The generator of the system, fit for secrets.
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        rand::Rng::fill_bytes(&mut rand::rng(), bytes);
    }
}
