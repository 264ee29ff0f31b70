//! Counts and times every answer, by the route's template.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use crate::health::Endpoints;

/// Counts and times one answer.
pub async fn measure(State(endpoints): State<Arc<Endpoints>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let path =
        request.extensions().get::<MatchedPath>().map_or_else(|| "unrouted".to_owned(), |p| p.as_str().to_owned());
    let method = method(request.method());
    let response = next.run(request).await;
    let (status, took) = (response.status(), start.elapsed());
    endpoints.note(format!("{method} {path}"), status.as_u16(), took);
    metrics::counter!("http_requests_total", "method" => method, "path" => path.clone(),
        "status" => status.as_str().to_owned())
    .increment(1);
    metrics::histogram!("http_request_duration_seconds", "method" => method, "path" => path).record(took);
    response
}

/// A client may invent methods; a label may not grow with them.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
