//! `X-Request-ID`: a sane one from the client is kept, else one is made; it goes back with the
//! response and stands in every log line of the request.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::response::Response;
use domain::Rng;

use crate::extract::RequestId;

const NAME: &str = "x-request-id";

/// Names the request, for its handler and for its response.
pub fn name(request: &mut Request, rng: &dyn Rng) -> RequestId {
    let sane = |text: &&str| {
        (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    let given = request.headers().get(NAME).and_then(|value| value.to_str().ok()).filter(sane).map(str::to_owned);
    let id = RequestId(given.unwrap_or_else(|| rng.uuid().to_string()));
    request.extensions_mut().insert(id.clone());
    id
}

/// Gives the name back.
pub fn show(response: &mut Response, id: &RequestId) {
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(NAME, value);
    }
}
