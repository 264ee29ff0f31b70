//! What is known of the request, for audit and repeated requests.

use std::sync::Arc;

use app::IdempotencyKey;
use axum::extract::MatchedPath;
use axum::http::header;
use axum::http::request::Parts;

use super::actor::header_token;
use crate::client::ClientAddress;

/// `X-Request-ID` of this request, put there by the outermost layer.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// What the use cases are told of a request.
pub fn request_of(parts: &Parts) -> Arc<app::Request> {
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Arc::new(app::Request {
        id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        endpoint: parts.extensions.get::<MatchedPath>().map_or_else(String::new, |path| path.as_str().to_owned()),
        method: parts.method.as_str().to_owned(),
        ip: ClientAddress::in_request(parts).map(|client| client.address),
        user_agent: header(header::USER_AGENT),
        idempotency: parts.extensions.get::<IdempotencyKey>().cloned(),
        // Programs send a token in a header, our own pages a cookie.
        channel: header_token(&parts.headers).is_none().then_some(domain::Channel::Web),
        said_at: None,
        target: parts.extensions.get::<MatchedPath>().and_then(|path| target(path.as_str(), parts.uri.path())),
    })
}

/// Longest id of an object that is kept.
const LONGEST_ID: usize = 64;

/// The object that the first parameter of a path names. Tokens in paths are no objects.
fn target(template: &str, path: &str) -> Option<app::Target> {
    let mut segments = template.split('/').zip(path.split('/'));
    let (name, id) = segments.find(|(name, _)| name.starts_with('{'))?;
    let kind = match name {
        "{user_id}" | "{usuario_id}" => "usuario",
        "{efectivo_id}" => "efectivo",
        "{task_id}" | "{codigo}" => "tarea",
        "{assignment_id}" => "asignacion",
        "{session_id}" => "sesion",
        "{telegram_id}" => "cuenta_telegram",
        _ => return None,
    };
    Some(app::Target { kind, id: id.chars().take(LONGEST_ID).collect() })
}

/// What the use cases are told of a request, for handlers that are open to all.
pub struct RequestInfo(pub Arc<app::Request>);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for RequestInfo {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(request_of(parts)))
    }
}
