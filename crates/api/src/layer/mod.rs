//! What every request and response passes.

mod cors;
mod frame;
mod guard;
mod headers;
mod idempotency;
mod limits;
mod measure;
mod paths;
mod request_id;

pub use cors::cors;
pub use frame::framed;
pub use guard::{method_not_allowed, not_found, panicked};
pub use idempotency::idempotency_key;
pub use limits::rate_limits;
pub use paths::canonical_path;
