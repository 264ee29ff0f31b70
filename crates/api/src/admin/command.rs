//! `POST /admin/agent/command`.

use app::Context;
use app::admin::Command;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::JsonObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::field;
use crate::problem::Problem;
use crate::schema::OrdenAgente;

/// A command.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"action": "ping", "payload": {}}))]
pub struct CommandIn {
    /// `ping`, `cache_clear`, `sessions_refresh` or `housekeeping`.
    #[serde(deserialize_with = "field::checked::<_, String, _>")]
    #[schema(value_type = OrdenAgente)]
    action: Command,
    /// Kept nowhere; the audit notes its size.
    #[serde(default)]
    #[schema(value_type = Object)]
    payload: JsonObject,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub struct CommandOut {
    /// Always `accepted`.
    status: &'static str,
    /// What was done.
    message: String,
    /// When.
    timestamp: DateTime<Utc>,
}

/// Gives the running office a command.
#[utoipa::path(post, path = "/api/v1/admin/agent/command", tag = "admin",
    operation_id = "admin_command", security(("bearer" = [])),
    request_body = CommandIn, responses((status = 200, body = CommandOut), (status = "4XX", body = Problem)))]
pub async fn command(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(body): Json<CommandIn>,
) -> Result<Json<CommandOut>> {
    let size = serde_json::Value::Object(body.payload).to_string().len();
    let message = app::admin::run(&cx, &actor, body.action, size).await?;
    Ok(Json(CommandOut { status: "accepted", message, timestamp: cx.clock.now() }))
}
