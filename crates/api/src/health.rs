//! Whether the office lives, and whether it can work.

use app::Context;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::Json;
use crate::problem::Problem;

/// A sign of life.
#[derive(Serialize, ToSchema)]
pub struct HealthOut {
    /// `ok`.
    status: &'static str,
}

/// A sign of life with its time.
#[derive(Serialize, ToSchema)]
pub struct StateOut {
    /// `alive` or `ready`.
    status: &'static str,
    /// When.
    timestamp: DateTime<Utc>,
}

/// A sign of life.
#[utoipa::path(get, path = "/api/v1/health", tag = "health", responses((status = 200, body = HealthOut)))]
pub async fn health() -> Json<HealthOut> {
    Json(HealthOut { status: "ok" })
}

/// Whether the process lives.
#[utoipa::path(get, path = "/api/v1/health/live", tag = "health", responses((status = 200, body = StateOut)))]
pub async fn live(State(cx): State<Context>) -> Json<StateOut> {
    Json(StateOut { status: "alive", timestamp: cx.clock.now() })
}

/// Whether the record answers.
#[utoipa::path(get, path = "/api/v1/health/ready", tag = "health",
    responses((status = 200, body = StateOut), (status = 503, body = Problem)))]
pub async fn ready(State(cx): State<Context>) -> Result<Json<StateOut>> {
    if let Err(error) = cx.store.ping().await {
        tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", "not_ready");
        return Err(Problem { retry_after: Some(1), ..problem }.into());
    }
    Ok(Json(StateOut { status: "ready", timestamp: cx.clock.now() }))
}
