//! What every request and response passes.

mod guard;
mod headers;
mod idempotency;
mod paths;
mod request_id;

pub use guard::{method_not_allowed, not_found, panicked};
pub use headers::security_headers;
pub use idempotency::idempotency_key;
pub use paths::canonical_path;
pub use request_id::request_id;
