//! Who is let in when there are too many: what looks and what changes each have their places,
//! emergencies and health are refused last.
//!
//! The door stands before the routes and is no layer of axum's, since a refusal is to cost next to
//! nothing: finding a route, and each layer, copies all that lies within.

use std::future::ready;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::future::Either;
use resilience::{Admission, Priority};
use tower::Service as _;

use super::busy::Busy;
use super::guard::{begun, guarded};
use super::paths::canonical_path;
use super::{Frame, headers, measure, request_id};
use crate::problem::Problem;
use crate::serve::Awaited;
use crate::settings::ApiSettings;

/// Routes by which an office is watched: they are refused last, and their requests are not counted
/// against the limits of a client.
pub const VITALS: [&str; 11] = [
    "/health",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/api/v1/health",
    "/api/v1/health/live",
    "/api/v1/health/ready",
    "/api/v1/health/detailed",
    "/api/v1/health/performance",
    "/api/v1/health/government",
    "/api/v1/metrics/prometheus",
];

/// What a request is let in as, among whom, and whether the time of its answer says how busy the
/// office is.
struct Kind<'s> {
    priority: Priority,
    among: &'s Admission,
    is_telling: bool,
}

fn kind<'s>(settings: &'s ApiSettings, request: &Request) -> Kind<'s> {
    let path = request.uri().path();
    let priority = match (request.method(), path) {
        (_, "/api/v1/tasks/emergency") => Priority::Critical,
        (_, path) if VITALS.contains(&path) => Priority::Critical,
        // A screen that cannot come back is blind, and costs nothing once it is there.
        (_, "/ws/connect") => Priority::Normal,
        (&Method::GET | &Method::HEAD, _) => Priority::Low,
        _ => Priority::Normal,
    };
    // What waits for the one writer, or for a disk, does not take the places of what only looks.
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    let among = if looks { &settings.reads } else { &settings.changes };
    // A password takes as long as it must.
    Kind { priority, among, is_telling: !path.starts_with("/api/v1/auth/") }
}

/// The whole API behind its door. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    frame: Frame,
    busy: Arc<Busy>,
    routed: Router,
}

impl Door {
    /// Before these routes.
    pub fn new(frame: Frame, routed: Router) -> Self {
        let busy = Arc::new(Busy::new(&frame.settings));
        Self { frame, busy, routed }
    }

    /// What surrounds every request.
    pub(super) const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Lets a request in, or says that there is too much to do.
    pub fn answer(&self, request: Request) -> impl Future<Output = Response> + Send + use<> {
        guarded(begun(|| self.begin(request)))
    }

    fn begin(&self, request: Request) -> impl Future<Output = Response> + Send + use<> {
        let request = canonical_path(request);
        let Kind { priority, among, is_telling } = kind(&self.frame.settings, &request);
        let Some(place) = among.enter(priority) else {
            return Either::Left(ready(self.refuse(request, priority)));
        };
        let awaited = request.extensions().get::<Awaited>().cloned();
        let answer = priority.of(self.routed.clone().call(request));
        Either::Right(async move {
            let Ok(response) = answer.await;
            // How long it took tells nothing where a client let us wait: slow ones would make the
            // office take itself for busy, and refuse others.
            if is_telling && !awaited.is_some_and(|awaited| awaited.is_so()) {
                place.answered();
            }
            response
        })
    }

    fn refuse(&self, mut request: Request, priority: Priority) -> Response {
        let begun = Instant::now();
        metrics::counter!("gad_shed_total", "priority" => priority.as_str()).increment(1);
        let name = request_id::name(&mut request, &*self.frame.cx.rng);
        let mut response = self.busy.answer(headers::is_data(&request));
        request_id::show(&mut response, &name);
        let method = measure::method(request.method());
        self.frame.endpoints.note(method, measure::SHED, response.status().as_u16(), begun.elapsed());
        response
    }
}

/// The answer to a request that took too long.
pub fn too_long() -> Response {
    let late =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "deadline", "La solicitud tardó demasiado; intente de nuevo");
    Problem { retry_after: Some(1), ..late }.into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn priority(method: Method, path: &str) -> Priority {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        kind(&ApiSettings::default(), &request).priority
    }

    #[test]
    fn the_routes_of_health_and_figures_are_refused_last_and_no_others() {
        let document = serde_json::to_value(crate::openapi()).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            let tag = item["get"]["tags"][0].as_str().unwrap_or_default();
            let is_vital = matches!(tag, "health" | "metrics");
            assert_eq!(VITALS.contains(&path.as_str()), is_vital, "{path}");
            if item.get("get").is_some() {
                assert_eq!(priority(Method::GET, path) == Priority::Critical, is_vital, "{path}");
            }
        }
        for path in [
            "/api/v1/tasks/health",
            "/api/v1/users/1/health",
            "/api/v1/health/x",
            "/api/v1/healthy",
            "/health/live/x",
            "/assets/health",
            "/metrics/x",
            "/metricsx",
            "/x?/health",
        ] {
            assert_eq!(priority(Method::GET, path), Priority::Low, "{path}");
            assert_eq!(priority(Method::POST, path), Priority::Normal, "{path}");
        }
        assert_eq!(priority(Method::POST, "/api/v1/tasks/emergency"), Priority::Critical);
    }
}
