//! How often one client may ask (contract §7.3). Counted by user where one is known, else by
//! address; sign-in has a limit of its own by address, which nobody can use to lock others out.
//! Each limit has a bucket of its own, or a busy screen could not connect its socket any more.

use std::time::Duration;

use app::Context;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bus::Decision;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::admission::VITALS;
use crate::client::ClientAddress;
use crate::extract::{Json, token};
use crate::problem::Problem;
use crate::settings::ApiSettings;
use crate::ws::connect::handshake_token;

const WINDOW: Duration = Duration::from_secs(60);
/// Sign-ins a minute from one address: an office behind one router at the change of shift, and
/// still few for somebody who guesses.
const SIGN_INS: u32 = 30;

/// The refusal: what other refusals have, and what GRUPO_GAD's had.
#[derive(Serialize)]
struct TooMany {
    #[serde(flatten)]
    problem: Problem,
    error: &'static str,
    message: &'static str,
    details: String,
    retry_after_seconds: u64,
    rate_limit: u32,
    window_seconds: u64,
    government_service: &'static str,
    citizen_support: &'static str,
    timestamp: DateTime<Utc>,
}

/// Counts one request and refuses it when there were too many.
pub async fn rate_limits(
    State((cx, settings)): State<(Context, ApiSettings)>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    // A few machines of Telegram post for everybody.
    let is_webhook = settings.webhook.as_ref().is_some_and(|webhook| webhook.path == path);
    if !settings.rate_limiting || is_exempt(path) || is_webhook {
        return next.run(request).await;
    }
    let kind = Limited::of(path);
    let (parts, body) = request.into_parts();
    let bucket = bucket(&cx, &settings, &parts, kind);
    let decision = cx.bus.rate_limiter.check(&bucket, kind.limit(), WINDOW).await;
    let mut response = if decision.allowed {
        next.run(Request::from_parts(parts, body)).await
    } else {
        metrics::counter!("gad_rate_limited_total").increment(1);
        refusal(&cx, decision)
    };
    let headers = response.headers_mut();
    let reset = seconds(decision.retry_after);
    for (name, value) in [
        ("x-ratelimit-limit", u64::from(decision.limit)),
        ("x-ratelimit-window", WINDOW.as_secs()),
        ("x-ratelimit-remaining", u64::from(decision.remaining)),
        ("x-ratelimit-reset", reset),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
    response
}

fn is_exempt(path: &str) -> bool {
    VITALS.contains(&path) || path.starts_with("/static/") || path.starts_with("/assets/") || path.starts_with("/docs/")
}

/// What is counted together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Limited {
    SignIn,
    Socket,
    Administration,
    Other,
}

impl Limited {
    fn of(path: &str) -> Self {
        if path == "/api/v1/auth/login" {
            Self::SignIn
        } else if path == "/ws/connect" {
            Self::Socket
        } else if path.starts_with("/api/v1/admin/") {
            Self::Administration
        } else {
            Self::Other
        }
    }

    /// Requests a minute.
    fn limit(self) -> u32 {
        match self {
            Self::SignIn => SIGN_INS,
            Self::Socket => 10,
            Self::Administration => 200,
            Self::Other => 100,
        }
    }

    /// What its buckets end in.
    fn suffix(self) -> &'static str {
        match self {
            Self::SignIn => ":login",
            Self::Socket => ":ws",
            Self::Administration => ":admin",
            Self::Other => "",
        }
    }
}

fn bucket(cx: &Context, settings: &ApiSettings, parts: &Parts, kind: Limited) -> String {
    // Who signs in shows no token, or one that must not buy more guesses.
    let shown = match kind {
        Limited::SignIn => None,
        // A browser cannot set the header of a handshake: counted by address, the screens of an
        // office behind one router would shut each other out.
        Limited::Socket => handshake_token(parts),
        Limited::Administration | Limited::Other => token(parts, settings).ok().flatten(),
    };
    let user = shown.and_then(|token| user(cx, &token));
    let suffix = kind.suffix();
    match (user, ClientAddress::in_request(parts)) {
        (Some(user), _) => format!("gov_user:{user}{suffix}"),
        (None, Some(client)) => format!("gov_ip:{}{suffix}", client.counted_as()),
        (None, None) => format!("gov_ip:unknown{suffix}"),
    }
}

/// Only a token that we signed names a user, or anybody could fill another's bucket.
fn user(cx: &Context, token: &str) -> Option<i64> {
    cx.keys.check(token, cx.clock.now()).ok().map(|claims| claims.user_id)
}

fn refusal(cx: &Context, decision: Decision) -> Response {
    let retry_after_seconds = seconds(decision.retry_after).max(1);
    let body = TooMany {
        problem: Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Demasiadas solicitudes"),
        error: "rate_limit_exceeded",
        message: "Demasiadas solicitudes; intente de nuevo en unos segundos",
        details: format!("Se permiten {} solicitudes por minuto", decision.limit),
        retry_after_seconds,
        rate_limit: decision.limit,
        window_seconds: WINDOW.as_secs(),
        government_service: "GRUPO_GAD",
        citizen_support: "Si el problema persiste, avise a la administración de la oficina",
        timestamp: cx.clock.now(),
    };
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds));
    let policy = HeaderValue::from_static("government_citizen_protection");
    headers.insert(HeaderName::from_static("x-ratelimit-policy"), policy);
    response
}

fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
