//! The record in PostgreSQL with PostGIS.
//!
//! Reading takes a pooled connection and costs one round trip a query; changing is a transaction
//! (READ COMMITTED, with row locks where [`store::Store::write`] promises that something stays as
//! it is).

mod assignment;
mod audit;
mod audit_chain;
mod database_url;
mod dispatch;
mod error;
mod event_log;
mod fold;
mod geo;
mod handle;
mod history;
mod idempotency;
mod import;
mod invariant;
mod lease;
mod link;
mod metrics;
mod migrate;
mod note;
mod officer;
mod options;
mod outbox;
mod page;
mod pool;
mod position;
mod preflight;
mod queue;
mod report;
mod rollback;
mod row;
mod session;
mod statement;
mod stats;

mod task;
mod telegram;
mod tx;
mod user;

pub use database_url::{DatabaseUrl, redact};
pub use handle::PgStore;
pub use options::PgOptions;
pub use preflight::{SchemaPlace, literal, of_no_extension};
pub use queue::Lookups;
