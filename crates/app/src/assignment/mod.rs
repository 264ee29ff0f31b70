//! Assignments and offers: which officers are sent to a task, and how far each has come.

mod lifecycle;
mod read;
mod step;

pub(crate) use lifecycle::{close_all, expire, imply_acceptance, offer, open, take_off};
pub use read::{Sent, mine, of_task, own, unanswered};
pub use step::{ACCEPTED, ARRIVED, DECLINED, EN_ROUTE, StepInput, advance, record_deliveries_left, record_delivery};
pub(crate) use step::{Reported, advance_in};
