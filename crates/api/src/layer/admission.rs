//! Who is let in when there are too many: what looks and what changes each have their places,
//! emergencies and health are refused last.

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use resilience::{Admission, Place, Priority};

use crate::problem::Problem;
use crate::serve::Awaited;
use crate::settings::ApiSettings;

/// What a request is let in as, among whom, and whether the time of its answer says how busy the
/// office is.
struct Kind<'s> {
    priority: Priority,
    among: &'s Admission,
    is_telling: bool,
}

fn kind<'s>(settings: &'s ApiSettings, request: &Request) -> Kind<'s> {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let priority = match (request.method(), path) {
        (_, "/api/v1/tasks/emergency") => Priority::Critical,
        (_, path) if path.contains("/health") || path.starts_with("/metrics") => Priority::Critical,
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

/// A place for a request.
pub struct Admitted {
    place: Place,
    is_telling: bool,
}

impl Admitted {
    /// Its answer is on its way. How long it took tells nothing where a client let us wait: slow ones
    /// would make the office take itself for busy, and refuse others.
    pub fn answered(self, awaited: Option<Awaited>) {
        if self.is_telling && !awaited.is_some_and(|awaited| awaited.is_so()) {
            self.place.answered();
        }
    }
}

/// Whether a client let us wait for its body, once it is known.
pub fn awaited(request: &Request) -> Option<Awaited> {
    request.extensions().get::<Awaited>().cloned()
}

/// Lets a request in.
///
/// # Errors
/// The refusal, which costs next to nothing.
pub fn admit(settings: &ApiSettings, request: &Request) -> Result<Admitted, Box<Response>> {
    let Kind { priority, among, is_telling } = kind(settings, request);
    if let Some(place) = among.enter(priority) {
        return Ok(Admitted { place, is_telling });
    }
    metrics::counter!("gad_shed_total", "priority" => priority.as_str()).increment(1);
    let busy =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Demasiado trabajo por el momento; intente de nuevo");
    Err(Box::new(Problem { retry_after: Some(1), ..busy }.into_response()))
}

/// The answer to a request that took too long.
pub fn too_long() -> Response {
    let late =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "deadline", "La solicitud tardó demasiado; intente de nuevo");
    Problem { retry_after: Some(1), ..late }.into_response()
}
