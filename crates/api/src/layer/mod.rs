//! What every request and response passes.

mod admission;
mod busy;
mod cors;
mod frame;
mod guard;
mod headers;
mod host;
mod idempotency;
mod limits;
mod measure;
mod paths;
mod request_id;
mod size;
mod startup;
mod trace;

pub use admission::Door;
pub use cors::cors;
pub use frame::{Frame, framed};
pub use guard::{method_not_allowed, not_found, panicked};
pub use idempotency::{UnusableKey, idempotency_key};
pub use limits::rate_limits;
pub use size::announced_size;
pub use startup::StartupGate;
