//! Counts and times every answer, by the route's template.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use resilience::Spent;

use crate::health::Endpoints;

/// Path of what was refused before its route was looked for.
pub const SHED: &str = "shed";

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

    /// The template of the route.
    pub fn path(&self) -> &str {
        self.path.as_ref().map_or("unrouted", MatchedPath::as_str)
    }

    /// The task that the path names, if it names one.
    pub fn task(&self, request: &Request) -> Option<i64> {
        let at = self.path().split('/').position(|part| part == "{task_id}")?;
        request.uri().path().split('/').nth(at)?.parse().ok()
    }

    /// Until now. An answer that took `slow` or longer is said in the log, with what it waited for.
    pub fn end(self, endpoints: &Endpoints, status: StatusCode, spent: Spent, slow: Duration) {
        let (took, status) = (self.start.elapsed(), status.as_u16());
        endpoints.note(self.method, self.path(), status, took);
        let ms = |part: Duration| part.as_secs_f64() * 1e3;
        if took < slow {
            tracing::debug!(status, duration_ms = ms(took), queries = spent.queries, "request answered");
            return;
        }
        metrics::counter!("gad_slow_requests_total").increment(1);
        let other = took.saturating_sub(spent.pool_wait + spent.database + spent.encode);
        tracing::warn!(
            code = "slow_request",
            status,
            duration_ms = ms(took),
            pool_wait_ms = ms(spent.pool_wait),
            database_ms = ms(spent.database),
            queries = spent.queries,
            encode_ms = ms(spent.encode),
            other_ms = ms(other),
            "slow request"
        );
    }
}

/// A client may invent methods; a label may not grow with them.
pub fn method(method: &Method) -> &'static str {
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
