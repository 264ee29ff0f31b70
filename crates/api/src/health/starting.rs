//! The routes of health while the process waits for what it depends on.

use axum::Json;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::live::{HealthOut, RootOut, StateOut};
use super::ready::not_ready;

/// What is known of a process that is starting.
pub struct Starting {
    /// The time.
    pub now: DateTime<Utc>,
    /// `ENVIRONMENT`.
    pub environment: String,
    /// Why there is no database, in a few words; none once it is there.
    pub database: Option<&'static str>,
    /// Whether Redis answers; none where there is none.
    pub redis: Option<bool>,
}

/// The response of a route of health; none for any other route.
pub fn starting(request: &Request, state: Starting) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    Some(match request.uri().path() {
        "/health" => Json(RootOut::new(state.environment, state.now)).into_response(),
        "/api/v1/health" => Json(HealthOut::OK).into_response(),
        "/health/live" | "/api/v1/health/live" => {
            Json(StateOut { status: "alive", timestamp: state.now }).into_response()
        }
        path @ ("/health/ready" | "/api/v1/health/ready") => not_ready(path == "/health/ready", &state),
        _ => return None,
    })
}
