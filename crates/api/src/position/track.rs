//! `GET /efectivos/{efectivo_id}/posiciones`.

use app::Context;
use app::position::TrackQuery;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::OfficerId;
use domain::position::{Doubt, TrackPoint};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::extract::{Authenticated, Id, Json, NEXT_CURSOR, Pair, Query, TOTAL_COUNT};
use crate::field::PeriodBound;
use crate::problem::Problem;

/// Which part of the track; the last 24 hours when nothing is said.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Span {
    /// Measured on or after this day, or at or after this time.
    desde: Option<PeriodBound>,
    /// Measured on or before this day, or before this time.
    hasta: Option<PeriodBound>,
    /// Every report instead of a thinned track: the newest 10,000 of the span. `X-Next-Cursor` is the
    /// `hasta` of the next page, which holds the older ones.
    #[serde(default)]
    #[param(default = false)]
    completo: bool,
}

/// One report.
#[derive(Serialize, ToSchema)]
pub struct PositionOut {
    lat: f64,
    lng: f64,
    /// Radius in metres within which the officer probably was.
    precision_m: Option<f64>,
    medida_en: DateTime<Utc>,
    recibida_en: DateTime<Utc>,
    /// The user who reported it; `null` for those from before this was kept.
    reportada_por: Option<i64>,
    /// Why it was held back and did not become the officer's place: `coordenadas_nulas` or
    /// `velocidad_imposible`; `null` for all others.
    #[schema(value_type = Option<String>)]
    dudosa: Option<Doubt>,
}

impl From<TrackPoint> for PositionOut {
    fn from(TrackPoint { position, doubt }: TrackPoint) -> Self {
        Self {
            dudosa: doubt,
            lat: position.point.lat(),
            lng: position.point.lng(),
            precision_m: position.accuracy_m,
            medida_en: position.measured_at,
            recibida_en: position.received_at,
            reportada_por: position.reported_by.map(|user| user.0),
        }
    }
}

/// Where an officer has been, oldest first: oneself, or anybody for level 2. Of more than 10,000 reports
/// every n-th is given, over the whole span; `X-Total-Count` says how many there are.
#[utoipa::path(get, path = "/api/v1/efectivos/{efectivo_id}/posiciones", tag = "efectivos",
    operation_id = "position_track",
    security(("bearer" = [])), params(("efectivo_id" = i64, Path), Span),
    responses((status = 200, body = Vec<PositionOut>,
        headers(("X-Total-Count" = u64, description = "How many reports the span holds."),
            ("X-Next-Cursor" = String, description = "With `completo`: the `hasta` of the next page, if there is one."))),
        (status = "4XX", body = Problem)))]
pub async fn track(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Pair(Id(id), Query(span)): Pair<Id, Query<Span>>,
) -> Result<Response> {
    let zone = cx.settings.time_zone;
    let (from, to) = (span.desde.map(|bound| bound.begins(zone)), span.hasta.map(|bound| bound.ends(zone)));
    let query = TrackQuery { from, to, complete: span.completo };
    let track = app::position::track(&cx, &actor, OfficerId(id), query).await?;
    let mut headers = vec![(TOTAL_COUNT, track.total.to_string())];
    let next = track.rest_before.map(|before| before.to_rfc3339_opts(SecondsFormat::Micros, true));
    headers.extend(next.map(|next| (NEXT_CURSOR, next)));
    let points = Json(track.points.into_iter().map(PositionOut::from).collect::<Vec<_>>());
    Ok((AppendHeaders(headers), points).into_response())
}
