//! `GET /api/v1/health/detailed`.

use std::time::Instant;

use app::Context;
use app::policy::{self, Permission};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::probe::Probe;
use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::problem::Problem;

/// The parts one by one.
#[derive(Serialize, ToSchema)]
pub struct DetailedOut {
    /// `healthy` or `unhealthy`.
    status: &'static str,
    timestamp: DateTime<Utc>,
    checks: PartsOut,
    /// Milliseconds that this answer took.
    response_time_ms: f64,
}

/// The parts.
#[derive(Serialize, ToSchema)]
pub struct PartsOut {
    database: DatabaseOut,
    system: SystemOut,
}

/// The record.
#[derive(Serialize, ToSchema)]
pub struct DatabaseOut {
    /// `healthy` or `unhealthy`.
    status: &'static str,
    response_time_ms: f64,
    /// Whether it is not asked at present because it did not answer.
    circuit_breaker_open: bool,
    /// Questions in a row that it did not answer. An embedded record has no breaker.
    circuit_breaker_failures: u32,
    error: Option<&'static str>,
}

/// The process.
#[derive(Serialize, ToSchema)]
pub struct SystemOut {
    /// `healthy`.
    status: &'static str,
    uptime_seconds: f64,
}

/// How the parts do.
#[utoipa::path(get, path = "/api/v1/health/detailed", tag = "health",
    operation_id = "health_detailed", security(("bearer" = [])),
    responses((status = 200, body = DetailedOut), (status = "4XX", body = Problem)))]
pub async fn detailed(
    State(cx): State<Context>,
    State(probe): State<Probe>,
    Authenticated(actor): Authenticated,
) -> Result<Json<DetailedOut>> {
    policy::require(&actor, Permission::ViewTeamMetrics)?;
    let start = Instant::now();
    let database = probe.database(&cx).await;
    let breaker = cx.store.breaker();
    let status = if database.well { "healthy" } else { "unhealthy" };
    Ok(Json(DetailedOut {
        status,
        timestamp: cx.clock.now(),
        checks: PartsOut {
            database: DatabaseOut {
                status,
                response_time_ms: database.took_ms,
                circuit_breaker_open: breaker.open,
                circuit_breaker_failures: breaker.failures,
                error: (!database.well).then_some("no answer"),
            },
            system: SystemOut { status: "healthy", uptime_seconds: probe.uptime().as_secs_f64() },
        },
        response_time_ms: start.elapsed().as_secs_f64() * 1000.0,
    }))
}
