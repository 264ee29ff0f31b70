//! Signs of life: they ask nobody.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;
use crate::settings::ApiSettings;

/// A sign of life.
#[derive(Serialize, ToSchema)]
pub struct HealthOut {
    /// `ok`.
    status: &'static str,
}

impl HealthOut {
    /// The process lives.
    pub const OK: Self = Self { status: "ok" };
}

/// A sign of life with its time.
#[derive(Serialize, ToSchema)]
pub struct StateOut {
    /// `alive`.
    pub status: &'static str,
    /// When.
    pub timestamp: DateTime<Utc>,
}

/// A sign of life for balancers.
#[derive(Serialize, ToSchema)]
pub struct RootOut {
    /// `ok`.
    status: &'static str,
    /// `development`, `staging` or `production`.
    environment: String,
    /// Seconds since 1970.
    timestamp: f64,
}

impl RootOut {
    /// Of a process in this environment, now.
    pub fn new(environment: String, now: DateTime<Utc>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "exact until the year 287396")]
        let timestamp = now.timestamp_millis() as f64 / 1000.0;
        Self { status: "ok", environment, timestamp }
    }
}

/// A sign of life.
#[utoipa::path(get, path = "/api/v1/health", tag = "health",
    operation_id = "health_api", responses((status = 200, body = HealthOut)))]
pub async fn health() -> Json<HealthOut> {
    Json(HealthOut::OK)
}

/// Whether the process lives.
#[utoipa::path(get, path = "/api/v1/health/live", tag = "health",
    operation_id = "health_api_live", responses((status = 200, body = StateOut)))]
pub async fn live(State(cx): State<Context>) -> Json<StateOut> {
    Json(StateOut { status: "alive", timestamp: cx.clock.now() })
}

/// Whether the process lives, where balancers look.
#[utoipa::path(get, path = "/health/live", tag = "health",
    operation_id = "health_live", responses((status = 200, body = StateOut)))]
pub async fn root_live(cx: State<Context>) -> Json<StateOut> {
    live(cx).await
}

/// A sign of life with the environment.
#[utoipa::path(get, path = "/health", tag = "health",
    operation_id = "health", responses((status = 200, body = RootOut)))]
pub async fn root(State(cx): State<Context>, State(settings): State<ApiSettings>) -> Json<RootOut> {
    Json(RootOut::new(settings.environment.clone(), cx.clock.now()))
}
