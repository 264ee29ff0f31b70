//! What a socket is told about itself.

use chrono::{DateTime, Utc};
use domain::event::LogPosition;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::envelope::Envelope;
use super::message_type::MessageType;

/// `data` of `connection_ack`.
#[derive(Serialize, ToSchema)]
pub struct GreetingOut {
    /// Number of this connection, for the log of the client.
    pub connection_id: Uuid,
    /// Since when.
    pub connected_at: DateTime<Utc>,
    /// The clock of the server.
    pub server_time: DateTime<Utc>,
    /// Always `default`.
    pub assigned_channel: &'static str,
    /// Always `general`.
    pub channel_type: &'static str,
}

/// `data` of `ping`.
#[derive(Serialize, ToSchema)]
pub struct PingOut {
    /// The clock of the server.
    pub server_time: DateTime<Utc>,
}

/// `data` of `notification`.
#[derive(Default, Serialize, ToSchema)]
pub struct NoticeOut {
    /// Title.
    pub title: String,
    /// Text.
    pub content: String,
    /// `info`, `normal`, `alert`, `urgent`, …
    pub level: String,
    /// `general`, `supervisores`, `emergencias` or `operaciones`; only in announcements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Until when the session is good; only in the answer to `authenticate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// `data` of `error`.
#[derive(Serialize, ToSchema)]
pub struct ErrorOut {
    /// What is wrong, with the field where there is one.
    pub error: String,
    /// Always `Error`.
    pub title: &'static str,
    /// The same as `error`.
    pub content: String,
    /// Always `error`.
    pub level: &'static str,
}

/// `data` of `system_status`.
#[derive(Serialize, ToSchema)]
pub struct ResyncOut {
    /// Always `resync`.
    r#type: &'static str,
    /// `{epoch}:{offset}` from which to go on.
    desde: String,
    timestamp: DateTime<Utc>,
    message: &'static str,
}

/// As it stands in an envelope.
pub fn value(out: impl Serialize) -> Value {
    serde_json::to_value(out).unwrap_or_default()
}

/// An answer of level `info`.
pub fn answer(title: &str, content: String) -> NoticeOut {
    NoticeOut { title: title.to_owned(), content, level: "info".to_owned(), ..NoticeOut::default() }
}

/// What is wrong with something that was said.
pub fn error(problem: &str) -> ErrorOut {
    ErrorOut { error: problem.to_owned(), title: "Error", content: problem.to_owned(), level: "error" }
}

/// What was missed is no longer known: who shows something loads it anew.
pub fn resync(head: LogPosition, now: DateTime<Utc>) -> Envelope {
    let data = ResyncOut {
        r#type: "resync",
        desde: head.to_string(),
        timestamp: now,
        message: "Lo ocurrido en la ausencia ya no se conserva: cargue de nuevo lo que muestra",
    };
    Envelope::passing(MessageType::SystemStatus, value(data), now).at(head)
}
