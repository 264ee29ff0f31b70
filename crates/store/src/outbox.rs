//! Events to be told, written with the change that they speak of.

use async_trait::async_trait;
use domain::{Event, Time};
use uuid::Uuid;

use crate::Result;

/// Events to be told. Each comes into the log, see [`crate::event_log`].
#[async_trait]
pub trait OutboxRepo: Send {
    /// Adds events, each with its `message_id`.
    async fn push(&mut self, events: &[(Uuid, Event)], at: Time, request_id: Option<&str>) -> Result<()>;
}
