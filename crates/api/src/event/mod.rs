//! `GET /eventos`: what happened, in pages or as a stream of server-sent events, for those who
//! cannot use a WebSocket.

mod stream;

use app::Context;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::event::LogPosition;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{ApiError, Result};
use crate::extract::{Authenticated, Json, Query, RequestInfo, accepts, reading_token};
use crate::field;
use crate::problem::{FieldError, Problem};
use crate::ws::envelope::Envelope;
use crate::ws::frame::envelope;
use crate::ws::hub::Hub;
use crate::ws::message_type::MessageType;

/// From where, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// `{epoch}:{offset}` of the last event that the caller has; from the oldest that is kept when
    /// absent. A stream begins now when absent, and takes `Last-Event-ID` before this.
    #[param(example = "0191e6c4-0000-7000-8000-000000000000:42")]
    #[serde(default, deserialize_with = "place_opt")]
    #[param(value_type = Option<String>)]
    desde: Option<LogPosition>,
    /// Events looked at, 1 to 500.
    #[serde(default = "most", deserialize_with = "field::bounded::<_, u32, 1, 500>")]
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: u32,
}

const fn most() -> u32 {
    100
}

/// A part of what happened.
#[derive(Serialize, ToSchema)]
pub struct EventsOut {
    /// What the caller may hear of, in order.
    eventos: Vec<Envelope>,
    /// `desde` of the next part.
    siguiente: String,
    /// Whether there are no more for now.
    al_dia: bool,
    /// Whether events between `desde` and these are no longer kept: what is shown must be loaded anew.
    resync: bool,
}

fn bad(field: &str, message: impl ToString, input: &str) -> ApiError {
    Problem::invalid(vec![FieldError::new("value_error", "query", field, message.to_string(), input.into())]).into()
}

fn place_opt<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<LogPosition>, D::Error> {
    let given = Option::<String>::deserialize(deserializer)?;
    given.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

fn place(text: &str) -> Result<LogPosition> {
    text.parse().map_err(|error| bad("desde", error, text))
}

/// What happened, as far as the caller may hear of it. With `Accept: text/event-stream` a stream:
/// what was missed, then what happens.
#[utoipa::path(get, path = "/api/v1/eventos", tag = "eventos",
    operation_id = "event_list", security(("bearer" = [])), params(EventQuery),
    responses((status = 200, content((EventsOut = "application/json"), (String = "text/event-stream"))), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    State(hub): State<Hub>,
    Authenticated(actor): Authenticated,
    Query(query): Query<EventQuery>,
    RequestInfo(request): RequestInfo,
    headers: HeaderMap,
    parts: axum::extract::Request,
) -> Result<Response> {
    if accepts(&headers, header::ACCEPT, "text/event-stream") {
        let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        let from = last.map(|text| place(&text)).transpose()?.or(query.desde);
        let (parts, _body) = parts.into_parts();
        let shown = reading_token(&parts).ok_or(app::Error::Unauthenticated)?;
        let bearer = app::auth::bearer_of(&cx, &shown, request).await?;
        return stream::open(cx, hub, bearer, from).await;
    }
    let page = app::events::after(&cx, &actor, query.desde, query.limit).await?;
    let epoch = page.next.epoch;
    // Where officers were is read by officer; a batch of it is not one message.
    let told = page.events.iter().filter(|logged| MessageType::of(&logged.event) != MessageType::OfficerLocation);
    let eventos = told.map(|logged| envelope(LogPosition { epoch, offset: logged.offset }, logged)).collect();
    let out = EventsOut { eventos, siguiente: page.next.to_string(), al_dia: page.is_end, resync: page.has_gap };
    Ok(Json(out).into_response())
}
