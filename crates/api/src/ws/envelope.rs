//! What stands around every message to a client (contract §4.2).

use chrono::{DateTime, Utc};
use domain::event::LogPosition;
use serde::Serialize;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use utoipa::ToSchema;
use uuid::Uuid;

use super::message_type::MessageType;

/// One message to a client.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Envelope {
    /// What `data` is.
    #[schema(value_type = String)]
    pub event_type: MessageType,
    /// By the event type.
    #[schema(value_type = Object)]
    pub data: Value,
    /// When it happened.
    pub timestamp: DateTime<Utc>,
    /// The same however often and on whatever way a message comes.
    pub message_id: Uuid,
    /// The only user who is meant; absent for all who may hear.
    pub target_user_id: Option<i64>,
    /// The role that is meant.
    pub target_role: Option<&'static str>,
    /// The first topic that it belongs to.
    pub topic: Option<String>,
    /// Only in `connection_ack`.
    pub channel_name: Option<&'static str>,
    /// Only in `connection_ack`.
    pub channel_type: Option<&'static str>,
    /// 1 to 10.
    #[schema(minimum = 1, maximum = 10)]
    pub priority_level: u8,
    /// Always empty.
    #[schema(value_type = Object)]
    pub routing_metadata: Value,
    /// Place in the log; absent for what is not in the log and need not be resumed.
    pub offset: Option<i64>,
    /// Of which log.
    pub epoch: Option<Uuid>,
}

impl Envelope {
    /// A message of this moment to one client, which is not in the log.
    pub fn passing(event_type: MessageType, data: Value, timestamp: DateTime<Utc>) -> Self {
        Self {
            event_type,
            data,
            timestamp,
            message_id: Uuid::new_v4(),
            target_user_id: None,
            target_role: None,
            topic: None,
            channel_name: None,
            channel_type: None,
            priority_level: 1,
            routing_metadata: json!({}),
            offset: None,
            epoch: None,
        }
    }

    /// The same with its place in the log.
    pub fn at(self, place: LogPosition) -> Self {
        Self { offset: Some(place.offset), epoch: Some(place.epoch), ..self }
    }

    /// As it goes over the wire.
    pub fn text(&self) -> Utf8Bytes {
        serde_json::to_string(self).unwrap_or_default().into()
    }
}
