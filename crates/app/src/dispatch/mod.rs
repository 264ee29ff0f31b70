//! Who is sent: nearest officers with reasons, emergencies, and those that wait.

mod emergency;
mod nearest;
mod pick;
mod waiting;

pub use emergency::{Emergency, EmergencyCall, raise};
pub use nearest::{Candidate, Nearest, NearestQuery, nearest};
pub use waiting::assign_waiting;
