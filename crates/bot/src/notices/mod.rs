//! What people are told without having asked: by one replica, which reads the log of events.
//!
//! How far it has read stands in the lease, and is written in the transaction that writes the
//! messages, by whoever still has the lease. So an event is told once, whoever is killed; the unique
//! key of each message holds it once more.

mod audience;
mod blocked;
mod groups;
mod position;
mod quiet;
mod read;
mod write;

pub use audience::{Listener, listeners};
pub use blocked::{of_blocked, officer_unreachable};
pub use groups::Groups;
pub use quiet::may_be_told_at;
pub use read::tell;

/// Lets the figures begin at zero.
pub fn begin_counting() {
    metrics::counter!("gad_telegram_notices_total").increment(0);
    metrics::counter!("gad_telegram_notices_too_old_total").increment(0);
}
