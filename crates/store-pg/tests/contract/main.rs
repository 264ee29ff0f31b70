//! The contract that every store keeps, and what only PostgreSQL has.

#![expect(clippy::unwrap_used, reason = "what a test builds on is there, or the test fails")]

mod append_only;
mod consistency;
mod database;
mod faults;
mod migration;
mod plans;
mod takeover;

use database::fresh_database;

store::store_contract!(fresh_database);
