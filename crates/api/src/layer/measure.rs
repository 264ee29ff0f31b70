//! Counts and times every answer, by the route's template.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};

use crate::health::Endpoints;

/// A request that is being answered.
pub struct Measured {
    start: Instant,
    method: &'static str,
    path: Option<MatchedPath>,
}

impl Measured {
    /// From now on.
    pub fn begin(request: &Request) -> Self {
        let path = request.extensions().get::<MatchedPath>().cloned();
        Self { start: Instant::now(), method: method(request.method()), path }
    }

    /// Until now.
    pub fn end(self, endpoints: &Endpoints, status: StatusCode) {
        let path = self.path.as_ref().map_or("unrouted", MatchedPath::as_str);
        endpoints.note(self.method, path, status.as_u16(), self.start.elapsed());
    }
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
