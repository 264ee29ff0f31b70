//! `X-Request-ID`: a sane one from the client is kept, else one is made; it goes back with the
//! response and stands in every log line of the request.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::extract::RequestId;

const NAME: &str = "x-request-id";

/// Names the request.
pub async fn request_id(State(cx): State<app::Context>, mut request: Request, next: Next) -> Response {
    let sane = |text: &&str| {
        (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    let given = request.headers().get(NAME).and_then(|value| value.to_str().ok()).filter(sane).map(str::to_owned);
    let id = given.unwrap_or_else(|| cx.rng.uuid().to_string());
    let span = tracing::info_span!("request", request_id = %id, method = %request.method());
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(NAME, value);
    }
    response
}
