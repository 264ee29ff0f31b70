//! What is known of the request, for audit and repeated requests.

use std::sync::Arc;

use app::IdempotencyKey;
use axum::extract::MatchedPath;
use axum::http::header;
use axum::http::request::Parts;

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
        channel: (!parts.headers.contains_key(header::AUTHORIZATION)).then_some(domain::Channel::Web),
    })
}

/// What the use cases are told of a request, for handlers that are open to all.
pub struct RequestInfo(pub Arc<app::Request>);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for RequestInfo {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(request_of(parts)))
    }
}
