//! What surrounds every request: its name, its trace, its time and its
//! headers. One layer for all of them, since each layer of axum costs a clone of all that lie within
//! it, and a box or two.

use std::sync::Arc;

use app::Context;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use resilience::{Defect, Spent, within};
use tracing::Instrument;
use tracing::field::Empty;

use super::measure::Measured;
use super::trace::Trace;
use super::{admission, headers, request_id};
use crate::etag::IfNoneMatch;
use crate::extract::with_sent;
use crate::health::Endpoints;
use crate::settings::ApiSettings;

/// What the layer needs, and the door before it.
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
    Defect::leak();
    let name = request_id::name(&mut request, &*cx.rng);
    let trace = Trace::of(&request, &*cx.rng);
    let measured = Measured::begin(&request);
    // An error, so that whatever is logged of the request is logged with these names.
    let span = tracing::error_span!(
        "request",
        request_id = %name.0,
        trace_id = %trace.id,
        span_id = %trace.span,
        parent_id = trace.parent.as_deref(),
        // What is said seldom costs nothing where it is not said.
        sampled = (!trace.is_sampled()).then_some(false),
        method = %request.method(),
        path = measured.path(),
        status = Empty,
        user.id = Empty,
        task.id = measured.task(&request),
    );
    let is_data = headers::is_data(&request);
    let known = IfNoneMatch::from_request(request.method(), request.headers());
    let answer = Spent::by(within("request", settings.request_limit, with_sent(next.run(request))));
    let (answer, spent) = answer.instrument(span.clone()).await;
    let mut response = known.shorten(answer.unwrap_or_else(|_| admission::too_long()));
    headers::secure(&mut response, &settings, is_data);
    // For collectors alone: lines that need it have it, and in JSON each addition is dear.
    if settings.log.traces {
        span.record("status", response.status().as_u16());
    }
    span.in_scope(|| measured.end(&endpoints, response.status(), spent, settings.log.slow_request));
    request_id::show(&mut response, &name);
    trace.show(&mut response);
    response
}
