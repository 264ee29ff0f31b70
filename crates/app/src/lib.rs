//! The use cases. Each public function is one transaction: load, permit, decide, save, record.
//! Nothing remote happens before its commit, and what others must hear goes to the outbox in it.

mod actor;
mod context;
mod diff;
mod error;
mod idempotency;
mod record;
mod retry;
mod settings;
mod versions;

pub mod admin;
pub mod assignment;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod cache;
pub mod dispatch;
pub mod events;
pub mod export;
pub mod geo;
pub mod housekeeping;
pub mod import;
pub mod metrics;
pub mod note;
pub mod notices;
pub mod officer;
pub mod policy;
pub mod position;
pub mod presence;
pub mod report;
pub mod stats;
pub mod table_file;
pub mod task;
pub mod telegram;
pub mod user;

pub use actor::{Actor, IdempotencyKey, Identity, Represented, Request, Target};
pub use context::{Context, Parts};
pub use error::{Current, Error, FieldProblem, Forbidden, Kind, Refusal, Result};
pub use record::record_refusal;
pub(crate) use retry::retry_contention;
pub use settings::{AuditSettings, AuthSettings, DispatchSettings, LinkSettings, Settings};
pub use versions::Versions;
