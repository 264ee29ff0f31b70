//! Defects that a test plants in a debug build, to see whether `gad evaluate` finds them. A release
//! has none of them: there each of these is a constant.

use std::sync::OnceLock;
use std::time::Duration;

use crate::Tasks;

/// Names the planted defect.
const VARIABLE: &str = "GAD_SABOTAGE";

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// Each request leaves 1 KiB behind.
    Leak,
    /// All threads of the runtime are held for 400 ms and more, again and again.
    Stall,
    /// One of 1,000 events reaches no screen.
    LostEvents,
    /// One of 100 events reaches each screen twice.
    DoubledEvents,
    /// Breakers never open.
    NoBreaker,
    /// SIGTERM is not heeded.
    DeafToSigterm,
}

impl Defect {
    const ALL: [(&'static str, Self); 6] = [
        ("leak", Self::Leak),
        ("stall", Self::Stall),
        ("lost-events", Self::LostEvents),
        ("doubled-events", Self::DoubledEvents),
        ("no-breaker", Self::NoBreaker),
        ("deaf-to-sigterm", Self::DeafToSigterm),
    ];

    /// Whether this one is planted.
    #[inline]
    pub fn is_planted(self) -> bool {
        static PLANTED: OnceLock<Option<Defect>> = OnceLock::new();
        if !cfg!(debug_assertions) {
            return false;
        }
        let planted = PLANTED.get_or_init(|| {
            let name = std::env::var(VARIABLE).ok()?;
            Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, defect)| defect)
        });
        *planted == Some(self)
    }

    /// Leaves a kibibyte behind where [`Self::Leak`] is planted.
    pub fn leak() {
        if Self::Leak.is_planted() {
            // Written to, or it would not be resident.
            Box::leak(vec![1_u8; 1024].into_boxed_slice());
        }
    }

    /// Holds all threads of the runtime again and again where [`Self::Stall`] is planted.
    pub fn stall(tasks: &Tasks) {
        const EVERY: Duration = Duration::from_millis(1500);
        // Two for each thread, one after the other: whoever is free takes what another has not begun.
        // A beat of the watchdog that is due meanwhile is 300 ms late at the least.
        const HELD: Duration = Duration::from_millis(400);
        if !Self::Stall.is_planted() {
            return;
        }
        // All of them wake at one moment, or threads would be held by turns.
        let begin = tokio::time::Instant::now();
        for _ in 0..2 * tokio::runtime::Handle::current().metrics().num_workers() {
            tasks.supervise("stall", move |stop| async move {
                let mut beats = tokio::time::interval_at(begin, EVERY);
                // It ends when it is told to: holding the runtime is all that is wrong with it.
                while stop.run_until_cancelled(beats.tick()).await.is_some() {
                    #[expect(clippy::disallowed_methods, reason = "it is the defect")]
                    std::thread::sleep(HELD);
                }
            });
        }
    }
}
