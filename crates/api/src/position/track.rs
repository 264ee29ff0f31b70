//! `GET /efectivos/{efectivo_id}/posiciones`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{OfficerId, Position};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::extract::{Authenticated, Id, Json, Pair, Query};
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
}

impl From<Position> for PositionOut {
    fn from(position: Position) -> Self {
        Self {
            lat: position.point.lat(),
            lng: position.point.lng(),
            precision_m: position.accuracy_m,
            medida_en: position.measured_at,
            recibida_en: position.received_at,
            reportada_por: position.reported_by.map(|user| user.0),
        }
    }
}

/// Where an officer has been, oldest first: oneself, or anybody for level 2.
#[utoipa::path(get, path = "/api/v1/efectivos/{efectivo_id}/posiciones", tag = "efectivos",
    operation_id = "position_track",
    security(("bearer" = [])), params(("efectivo_id" = i64, Path), Span),
    responses((status = 200, body = Vec<PositionOut>), (status = "4XX", body = Problem)))]
pub async fn track(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Pair(Id(id), Query(span)): Pair<Id, Query<Span>>,
) -> Result<Json<Vec<PositionOut>>> {
    let zone = cx.settings.time_zone;
    let (from, to) = (span.desde.map(|bound| bound.begins(zone)), span.hasta.map(|bound| bound.ends(zone)));
    let track = app::position::track(&cx, &actor, OfficerId(id), from, to).await?;
    Ok(Json(track.into_iter().map(PositionOut::from).collect()))
}
