//! The record in one SQLite file: WAL, `synchronous=FULL`, readers beside one writer.

mod audit;
mod error;
mod geo;
mod history;
mod idempotency;
mod import;
mod lock;
mod metrics;
mod officer;
mod open;
mod outbox;
mod position;
mod row;
mod session;
mod stats;
mod task;
mod tx;
mod user;

pub use open::{SqliteOptions, SqliteStore};
