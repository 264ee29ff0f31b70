//! A body that says it is too large is refused before it is sent. One that says nothing of its size
//! is refused while it is read: `DefaultBodyLimit` sees to that.

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::extract::too_large;
use crate::settings::ApiSettings;

/// Refuses by `Content-Length`.
pub async fn announced_size(State(settings): State<ApiSettings>, request: Request, next: Next) -> Response {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: u64| usize::try_from(bytes).map_or(true, |bytes| bytes > settings.body_limit)) {
        return too_large().into_response();
    }
    next.run(request).await
}
