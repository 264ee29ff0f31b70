//! `eventos`: what happened, in the order in which everybody hears of it.

use async_trait::async_trait;
use domain::Time;
use domain::event::LogPage;

use crate::Result;

/// How far the log reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Offset of the oldest event that is kept; one past `last` when none is.
    pub first: i64,
    /// Offset of the newest event; 0 when there never was one.
    pub last: i64,
}

/// How far others are behind the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Offset of the newest event; 0 when there never was one.
    pub head: i64,
    /// Committed events that have no offset yet.
    pub unnumbered: i64,
    /// When the oldest event happened that is beyond the offset asked for, or has none.
    pub oldest: Option<Time>,
}

/// The log of committed events.
///
/// Invariant: offsets are dense, and given (see [`crate::Store::sequence`]) in an order that readers can rely on: whoever has read
/// an offset can have read all below it. Hubs and resuming clients rely on it.
#[async_trait]
pub trait EventLogRepo: Send {
    /// Rows with an offset above `after`, in order, at most `limit`. One that this program cannot read
    /// is no error: a newer program may have written it.
    async fn after(&mut self, after: i64, limit: u32) -> Result<LogPage>;
    /// How far the log reaches.
    async fn extent(&mut self) -> Result<Extent>;
    /// What is left to tell for somebody who has told all up to the offset `told`.
    async fn backlog(&mut self, told: i64) -> Result<Backlog>;
    /// Removes at most `limit` of the oldest events that happened before `before`; gives how many.
    async fn prune(&mut self, before: Time, limit: u32) -> Result<u64>;
}
