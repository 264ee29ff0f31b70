//! What the record can do, whichever database keeps it: one trait per noun, and [`Tx`], through
//! which all of them are reached. `store-sqlite` and `store-pg` implement it; the cases of
//! [`contract`] hold both to the same behaviour.

mod error;
mod obstacle;
mod page;
mod rule;
mod unreadable;

pub mod assignment;
pub mod audit;
pub mod audit_chain;
pub mod contract;
pub mod dispatch;
pub mod event_log;
pub mod geo;
pub mod history;
pub mod idempotency;
pub mod identity;
pub mod import;
pub mod invariant;
pub mod lease;
pub mod link;
pub mod measure;
pub mod metrics;
pub mod note;
pub mod officer;
pub mod outbox;
pub mod position;
pub mod report;
pub mod session;
pub mod stats;
pub mod task;
pub mod telegram;
pub mod tx;
pub mod user;

pub use error::{BoxError, Error, Result};
pub use obstacle::{LastObstacle, Obstacle};
pub use page::{Cursor, Page};
pub use rule::Rule;
pub use tx::{BreakerReport, SchemaState, Store, StoreInfo, Tx};
pub use unreadable::UnreadableIn;
