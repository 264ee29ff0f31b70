//! Dispatch: which officer is sent, escalation until one accepts, and the queue of calls that wait.

mod alert;
pub(crate) mod deadlines;
mod eligibility;
mod emergency;
mod escalation;
mod freed;
mod invariant;
mod leave;
mod nearest;
mod pick;
mod send;
mod waiting;

pub use alert::{OpenAlert, Undone, alerts, decisions, state, take, undo_burst};
pub(crate) use eligibility::{active_tasks_of, check_chosen};
pub use emergency::{Emergency, EmergencyCall, raise};
pub use escalation::escalate_due;
pub use freed::FreedOfficers;
pub use invariant::{DispatchHealth, health};
pub(crate) use leave::{expire_unanswered, refuse_while_due, refuse_while_sent, release};
pub use leave::{officer_unreachable, release_departed};
pub use nearest::{Candidate, Nearest, NearestQuery, nearest};
pub(crate) use send::replace_officer;
pub use waiting::{WaitingCursor, assign_page, assign_waiting, serve_freed};
