//! Traces for a collector, by OTLP over HTTP: the spans of requests and of their queries. Written
//! here, for reasons that docs/decisions/0018-observability.md gives.

mod encode;
mod layer;
mod queue;
mod span;

pub use layer::Traces;
pub use queue::{Queue, count};
