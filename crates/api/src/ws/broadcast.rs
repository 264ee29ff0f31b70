//! `POST /ws/_test/broadcast`.

use app::Context;
use axum::extract::State;
use domain::{Level, MultiLine, StoredText as _, Text};
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
    #[schema(value_type = String)]
    title: Text<0, 200>,
    /// Text.
    #[serde(default = "content")]
    #[schema(value_type = String)]
    content: MultiLine<0, 65_536>,
    /// `info`, `warning`, …
    #[serde(default = "level")]
    #[schema(value_type = String)]
    level: Text<0, 50>,
    /// Only those who listen to it.
    #[schema(value_type = Option<String>)]
    topic: Option<Text<0, 200>>,
}

fn title() -> Text<0, 200> {
    Text::from_stored("Test Broadcast".to_owned())
}

fn content() -> MultiLine<0, 65_536> {
    MultiLine::from_stored("Mensaje de prueba".to_owned())
}

fn level() -> Text<0, 50> {
    Text::from_stored("info".to_owned())
}

/// To how many sockets it went.
#[derive(Serialize, ToSchema)]
pub struct BroadcastOut {
    /// Always `ok`.
    status: &'static str,
    /// Sockets of this process that it goes to: those that subscribed to its topic, or all without one.
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
    let length = body.title.as_str().chars().count() + body.content.as_str().chars().count();
    app::admin::broadcast(&cx, &actor, length, body.topic.as_ref().map(Text::as_str)).await?;
    let now = cx.clock.now();
    let (title, content, level) = (body.title.into_string(), body.content.into_string(), body.level.into_string());
    let data = NoticeOut { title, content, level, ..NoticeOut::default() };
    let topic = body.topic.map(Text::into_string);
    let envelope = Envelope { topic, ..Envelope::passing(MessageType::Notification, value(data), now) };
    let sent = hub.registry.listening(Level::Officer, envelope.topic.as_deref());
    hub.hand_out(&cx, Frame::passing(envelope, Level::Officer));
    Ok(Json(BroadcastOut { status: "ok", sent, metrics: TrafficOut::of(&hub) }))
}
