//! What surrounds every request: its name, its place among others, its time and its headers. One
//! layer for all of them, since each layer of axum costs a clone of all that lie within it, and a box or two.

use std::sync::Arc;

use app::Context;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use resilience::within;
use tracing::Instrument;

use super::measure::Measured;
use super::{admission, headers, request_id};
use crate::health::Endpoints;
use crate::settings::ApiSettings;

/// What the layer needs.
#[derive(Clone)]
pub struct Frame {
    /// The office.
    pub cx: Context,
    /// What was chosen.
    pub settings: ApiSettings,
    /// Where times are kept.
    pub endpoints: Arc<Endpoints>,
}

/// Names a request, times it, and adds what every answer carries, refusals of inner layers too.
pub async fn framed(
    State(Frame { cx, settings, endpoints }): State<Frame>,
    mut request: Request,
    next: Next,
) -> Response {
    let name = request_id::name(&mut request, &*cx.rng);
    let span = tracing::info_span!("request", request_id = %name.0, method = %request.method());
    let measured = Measured::begin(&request);
    let is_data = headers::is_data(&request);
    let mut response = match admission::admit(&settings, &request) {
        Ok(admitted) => {
            let answer = within("request", settings.request_limit, next.run(request)).instrument(span).await;
            admitted.answered();
            answer.unwrap_or_else(|_| admission::too_long())
        }
        Err(refusal) => *refusal,
    };
    headers::secure(&mut response, &settings, is_data);
    measured.end(&endpoints, response.status());
    request_id::show(&mut response, &name);
    response
}
