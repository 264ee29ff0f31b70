//! `POST /ws/_test/broadcast`.

use app::Context;
use app::policy::{self, Permission};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stats::TrafficOut;
use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::layer;
use crate::problem::Problem;

/// A message to all sockets.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"title": "Test Broadcast", "content": "Mensaje de prueba", "level": "info"}))]
#[expect(dead_code, reason = "its shape is held to; there are no sockets that it could be shown on")]
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
    sent: u64,
    /// Since the start.
    metrics: TrafficOut,
}

/// Sends a message to all sockets, of which there are none yet. Not in production.
#[utoipa::path(post, path = "/ws/_test/broadcast", tag = "ws", security(("bearer" = [])), request_body = BroadcastIn,
    responses((status = 200, body = BroadcastOut), (status = "4XX", body = Problem)))]
pub async fn broadcast(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(_body): Json<BroadcastIn>,
) -> Result<Json<BroadcastOut>> {
    if cx.settings.production {
        return Err(layer::not_found().await.into());
    }
    policy::require(&actor, Permission::ConfigureSystem)?;
    Ok(Json(BroadcastOut { status: "ok", sent: 0, metrics: TrafficOut::default() }))
}
