//! What answers while the process waits for what it depends on.

use std::future::ready;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bus::redis::Link;
use domain::{Clock, Rng};
use futures::future::Either;

use super::paths::canonical_path;
use super::{Door, headers, request_id};
use crate::client::TrustedProxies;
use crate::health::{self, Starting};
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// Seconds after which a client may try again.
const RETRY_AFTER: u64 = 2;

/// The API from the moment on at which the process listens: until [`StartupGate::open`] it reports that the
/// process lives and what it waits for, and refuses everything else with 503. Cheap to clone.
#[derive(Clone)]
pub struct StartupGate(Arc<Inner>);

struct Inner {
    office: OnceLock<Door>,
    settings: ApiSettings,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    redis: Option<Link>,
    // Held for a copy only, never across an await.
    missing: RwLock<Option<&'static str>>,
}

impl StartupGate {
    /// A closed gate; of the settings only those of headers and of the environment count.
    pub fn new(settings: ApiSettings, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>, redis: Option<Link>) -> Self {
        Self(Arc::new(Inner { office: OnceLock::new(), settings, clock, rng, redis, missing: RwLock::new(None) }))
    }

    /// Reports from now on that the database is not there, and in a few words why.
    pub fn waits_for_database(&self, why: Option<&'static str>) {
        *self.0.missing.write().unwrap_or_else(PoisonError::into_inner) = why;
    }

    /// Gives all later requests to the office.
    pub fn open(&self, office: Door) {
        // A gate is opened once; a second office would be a defect, and the first one stays.
        let _ = self.0.office.set(office);
    }

    /// The proxies whose word on the client is believed.
    pub fn proxies(&self) -> &TrustedProxies {
        &self.0.settings.trusted_proxies
    }

    /// Answers a request.
    pub fn answer(&self, request: Request) -> impl Future<Output = Response> + Send + use<> {
        match self.0.office.get() {
            Some(office) => Either::Left(office.answer(request)),
            None => Either::Right(ready(self.0.starting(request))),
        }
    }
}

impl From<Door> for StartupGate {
    /// The gate of an office that is there already.
    fn from(office: Door) -> Self {
        let frame = office.frame();
        let (clock, rng) = (Arc::clone(&frame.cx.clock), Arc::clone(&frame.cx.rng));
        let gate = Self::new(frame.settings.clone(), clock, rng, None);
        gate.open(office);
        gate
    }
}

impl Inner {
    fn starting(&self, request: Request) -> Response {
        let mut request = canonical_path(request);
        let name = request_id::name(&mut request, &*self.rng);
        let is_data = headers::is_data(&request);
        let state = Starting {
            now: self.clock.now(),
            environment: self.settings.environment.clone(),
            database: *self.missing.read().unwrap_or_else(PoisonError::into_inner),
            redis: self.redis.as_ref().map(Link::answers),
        };
        let mut response = health::starting(&request, state).unwrap_or_else(refusal);
        headers::secure(&mut response, &self.settings, is_data);
        request_id::show(&mut response, &name);
        response
    }
}

fn refusal() -> Response {
    let refusal =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "starting", "La oficina está arrancando; intente de nuevo");
    Problem { retry_after: Some(RETRY_AFTER), ..refusal }.into_response()
}
