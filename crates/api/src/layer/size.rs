//! A body that says it is too large is refused before it is sent. One that says nothing of its size
//! is refused while it is read: `DefaultBodyLimit` sees to that. So is an address too long for any
//! of ours; of heads as a whole, `serve` takes care.

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::host::unsound_host;
use crate::extract::too_large;
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// Most bytes of path and query. A token in the query of a handshake has about 500.
const MOST_ADDRESS: usize = 8 * 1024;

/// Refuses by `Content-Length`, by the address, and by `Host`.
pub async fn announced_size(State(settings): State<ApiSettings>, request: Request, next: Next) -> Response {
    if let Some(problem) = unsound_host(&request) {
        return problem.into_response();
    }
    if length(request.uri()) > MOST_ADDRESS {
        let detail = format!("The address must have at most {MOST_ADDRESS} bytes");
        return Problem::new(StatusCode::URI_TOO_LONG, "address_too_long", detail).into_response();
    }
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: u64| usize::try_from(bytes).map_or(true, |bytes| bytes > settings.body_limit)) {
        return too_large().into_response();
    }
    next.run(request).await
}

fn length(address: &Uri) -> usize {
    address.path().len() + address.query().map_or(0, |query| query.len() + 1)
}
