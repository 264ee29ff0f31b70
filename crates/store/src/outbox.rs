//! Events to be told, written with the change that they speak of.

use async_trait::async_trait;
use domain::{Event, Time};
use uuid::Uuid;

use crate::Result;

/// An event in the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// Number in order of insertion, not of commit: readers must not rely on it.
    pub id: i64,
    /// `message_id` on the wire.
    pub message_id: Uuid,
    /// What happened.
    pub event: Event,
    /// When.
    pub at: Time,
    /// The request that caused it.
    pub request_id: Option<String>,
}

/// Events to be told.
#[async_trait]
pub trait OutboxRepo: Send {
    /// Adds events.
    async fn push(&mut self, events: &[(Uuid, Event)], at: Time, request_id: Option<&str>) -> Result<()>;
    /// Rows with a number above `after`, at most `limit`.
    async fn after(&mut self, after: i64, limit: u32) -> Result<Vec<OutboxRow>>;
}
