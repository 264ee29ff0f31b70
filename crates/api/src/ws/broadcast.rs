//! `POST /ws/_test/broadcast`.

use app::Context;
use app::policy::{self, Permission};
use axum::extract::State;
use domain::Level;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::envelope::Envelope;
use super::frame::Frame;
use super::hub::Hub;
use super::message_type::MessageType;
use super::notice::{NoticeOut, value};
use super::stats::TrafficOut;
use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::layer;
use crate::problem::Problem;

/// A message to all sockets.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"title": "Test Broadcast", "content": "Mensaje de prueba", "level": "info"}))]
pub struct BroadcastIn {
    /// Title.
    #[serde(default = "title")]
    title: String,
    /// Text.
    #[serde(default = "content")]
    content: String,
    /// `info`, `warning`, …
    #[serde(default = "level")]
    level: String,
    /// Only those who listen to it.
    topic: Option<String>,
}

fn title() -> String {
    "Test Broadcast".to_owned()
}

fn content() -> String {
    "Mensaje de prueba".to_owned()
}

fn level() -> String {
    "info".to_owned()
}

/// How many got it.
#[derive(Serialize, ToSchema)]
pub struct BroadcastOut {
    /// Always `ok`.
    status: &'static str,
    /// Sockets that it was sent to.
    sent: usize,
    /// Since the start.
    metrics: TrafficOut,
}

/// Sends a message to all sockets of this process. Not in production.
#[utoipa::path(post, path = "/ws/_test/broadcast", tag = "ws",
    operation_id = "socket_broadcast", security(("bearer" = [])), request_body = BroadcastIn,
    responses((status = 200, body = BroadcastOut), (status = "4XX", body = Problem)))]
pub async fn broadcast(
    State(cx): State<Context>,
    State(hub): State<Hub>,
    Authenticated(actor): Authenticated,
    Json(body): Json<BroadcastIn>,
) -> Result<Json<BroadcastOut>> {
    if cx.settings.production {
        return Err(layer::not_found().await.into());
    }
    policy::require(&actor, Permission::ConfigureSystem)?;
    let now = cx.clock.now();
    let data = NoticeOut { title: body.title, content: body.content, level: body.level, ..NoticeOut::default() };
    let envelope = Envelope { topic: body.topic, ..Envelope::passing(MessageType::Notification, value(data), now) };
    hub.hand_out(&cx, Frame::passing(envelope, Level::Officer));
    let sent = hub.registry.present().connections;
    Ok(Json(BroadcastOut { status: "ok", sent, metrics: TrafficOut::of(&hub) }))
}
