//! What is known of the request, for audit and repeated requests.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use app::IdempotencyKey;
use axum::extract::{ConnectInfo, MatchedPath};
use axum::http::header;
use axum::http::request::Parts;

use crate::settings::ApiSettings;

/// `X-Request-ID` of this request, put there by the outermost layer.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// What the use cases are told of a request.
pub fn request_of(parts: &Parts, settings: &ApiSettings) -> Arc<app::Request> {
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Arc::new(app::Request {
        id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        endpoint: parts.extensions.get::<MatchedPath>().map_or_else(String::new, |path| path.as_str().to_owned()),
        method: parts.method.as_str().to_owned(),
        ip: client_ip(parts, settings),
        user_agent: header(header::USER_AGENT),
        idempotency: parts.extensions.get::<IdempotencyKey>().cloned(),
        // Programs send a token in a header, our own pages a cookie.
        channel: (!parts.headers.contains_key(header::AUTHORIZATION)).then_some(domain::Channel::Web),
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

/// The address of the client: the nearest hop that is not one of our own proxies, counted from
/// the right of `X-Forwarded-For`. Of several lines the last is the nearest, for some proxies add a
/// line of their own to what the client sent.
pub fn client_ip(parts: &Parts, settings: &ApiSettings) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())?;
    if !settings.trusted_proxies.contains(&peer) {
        return Some(peer);
    }
    let lines = parts.headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    let mut client = peer;
    for hop in hops.map_while(|hop| hop.trim().parse::<IpAddr>().ok()) {
        client = hop;
        if !settings.trusted_proxies.contains(&hop) {
            break;
        }
    }
    Some(client)
}

/// What the use cases are told of a request, for handlers that are open to all.
pub struct RequestInfo(pub Arc<app::Request>);

impl<S> axum::extract::FromRequestParts<S> for RequestInfo
where
    S: Send + Sync,
    ApiSettings: axum::extract::FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        use axum::extract::FromRef;
        Ok(Self(request_of(parts, &ApiSettings::from_ref(state))))
    }
}
