//! Whether requests should come here: not while the process starts, while the record is away, nor while
//! the process stops.

use app::Context;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bus::redis::RedisFailure;
use chrono::{DateTime, Utc};
use serde::Serialize;
use store::Obstacle;
use utoipa::ToSchema;

use super::insider::Insider;
use super::probe::Probe;
use super::starting::Starting;
use crate::extract::Json;
use crate::settings::ApiSettings;

/// Why requests should go elsewhere.
#[derive(Serialize, ToSchema)]
pub struct NotReadyOut {
    detail: NotReady,
}

/// The reason.
#[derive(Serialize, ToSchema)]
pub struct NotReady {
    /// `not_ready`.
    status: &'static str,
    /// `database`, `starting` or `shutting_down`.
    error: &'static str,
    timestamp: DateTime<Utc>,
}

/// Requests may come here.
#[derive(Serialize, ToSchema)]
pub struct ReadyStateOut {
    /// `ready`.
    status: &'static str,
    /// What keeps changes from being stored while reading goes on: `no_space`, `read_only` or
    /// `record_denied`.
    #[serde(skip_serializing_if = "Option::is_none")]
    obstacle: Option<&'static str>,
    /// When.
    timestamp: DateTime<Utc>,
}

/// Ready or not, part by part.
#[derive(Serialize, ToSchema)]
pub struct ReadyOut {
    /// `ready` or `degraded`.
    status: &'static str,
    checks: ChecksOut,
    timestamp: DateTime<Utc>,
}

/// Each part: `ok`, `not_configured` or `error: …`; counts as text, `0` but for administrators.
#[derive(Serialize, ToSchema)]
pub struct ChecksOut {
    database: String,
    redis: &'static str,
    websocket_manager: &'static str,
    active_ws_connections: String,
    unique_users: String,
    ws_pubsub: &'static str,
    /// `error: off`, where the bot is switched on and its client could not be made; else left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    telegram: Option<&'static str>,
}

/// What is said of a record that answers.
const fn changes(obstacle: Option<Obstacle>) -> &'static str {
    match obstacle {
        None => "ok",
        Some(Obstacle::NoSpace) => "error: no space",
        Some(Obstacle::ReadOnly) => "error: read-only",
        Some(Obstacle::Denied) => "error: no permission",
    }
}

async fn obstacle(cx: &Context, settings: &ApiSettings, probe: &Probe) -> Option<&'static str> {
    if settings.draining.is_cancelled() {
        return Some("shutting_down");
    }
    (!probe.database(cx).await.well).then_some("database")
}

fn unavailable<T: Serialize>(body: T) -> Response {
    let retry = [(header::RETRY_AFTER, HeaderValue::from_static("1"))];
    (StatusCode::SERVICE_UNAVAILABLE, retry, Json(body)).into_response()
}

/// Whether requests should come here.
#[utoipa::path(get, path = "/api/v1/health/ready", tag = "health",
    operation_id = "health_api_ready",
    responses((status = 200, body = ReadyStateOut), (status = 503, body = NotReadyOut)))]
pub async fn ready(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    State(probe): State<Probe>,
) -> Response {
    let timestamp = cx.clock.now();
    match obstacle(&cx, &settings, &probe).await {
        None => {
            let obstacle = cx.store.obstacle().map(Obstacle::word);
            Json(ReadyStateOut { status: "ready", obstacle, timestamp }).into_response()
        }
        Some(error) => unavailable(NotReadyOut { detail: NotReady { status: "not_ready", error, timestamp } }),
    }
}

/// Whether requests should come here, part by part.
#[utoipa::path(get, path = "/health/ready", tag = "health",
    operation_id = "health_ready",
    responses((status = 200, body = ReadyOut), (status = 503, body = ReadyOut)))]
pub async fn root_ready(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    State(probe): State<Probe>,
    Insider(is_insider): Insider,
) -> Response {
    let obstacle = obstacle(&cx, &settings, &probe).await;
    let met = cx.store.obstacle();
    let shown = |count: usize| if is_insider { count.to_string() } else { "0".to_owned() };
    let present = settings.hub.registry.present();
    // Not an obstacle: without it events come by the log.
    let redis = redis_word(
        cx.bus.link.as_ref().map(|link| (!link.answers()).then(|| link.failure().unwrap_or(RedisFailure::Unreachable))),
    );
    let checks = ChecksOut {
        database: if obstacle == Some("database") { "error: no answer" } else { changes(met) }.to_owned(),
        redis,
        websocket_manager: "ok",
        active_ws_connections: shown(present.connections),
        unique_users: shown(present.users),
        ws_pubsub: redis,
        telegram: settings.telegram_failure,
    };
    // Where nothing can be stored, people can still look: balancers go on sending.
    let status = if obstacle.is_none() && met.is_none() { "ready" } else { "degraded" };
    let body = ReadyOut { status, checks, timestamp: cx.clock.now() };
    if obstacle.is_none() { Json(body).into_response() } else { unavailable(body) }
}

/// The state of Redis: `None` where there is none, else why it does not answer.
fn redis_word(failure: Option<Option<RedisFailure>>) -> &'static str {
    match failure {
        None => "not_configured",
        Some(None) => "ok",
        Some(Some(failure)) => failure.health_text(),
    }
}

/// The response of a process that is starting; part by part at the root.
pub fn not_ready(by_part: bool, state: &Starting) -> Response {
    let timestamp = state.now;
    if !by_part {
        let error = if state.database.is_some() { "database" } else { "starting" };
        return unavailable(NotReadyOut { detail: NotReady { status: "not_ready", error, timestamp } });
    }
    let redis = redis_word(state.redis.map(|answers| (!answers).then_some(RedisFailure::Unreachable)));
    let checks = ChecksOut {
        database: state.database.map_or_else(|| "ok".to_owned(), |why| format!("error: {why}")),
        redis,
        websocket_manager: "error: starting",
        active_ws_connections: "0".to_owned(),
        unique_users: "0".to_owned(),
        ws_pubsub: redis,
        telegram: None,
    };
    unavailable(ReadyOut { status: "degraded", checks, timestamp })
}
