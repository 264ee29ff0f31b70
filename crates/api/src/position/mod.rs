//! `POST /efectivos/{efectivo_id}/posicion` and `POST /posiciones`.

pub mod track;

use app::position::Report;
use app::{Context, Error};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{OfficerId, Point};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Id, Json};
use crate::field;
use crate::problem::Problem;

/// Where an officer is.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"lat": -34.6037, "lng": -58.3816, "precision_m": 12.5}))]
pub struct PositionIn {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180)]
    lng: f64,
    /// Radius in metres within which the officer probably is.
    #[schema(minimum = 0)]
    precision_m: Option<f64>,
    /// When the device measured it; now when absent.
    #[serde(default, deserialize_with = "field::time_opt")]
    medida_en: Option<DateTime<Utc>>,
}

/// Where several officers are.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"posiciones": [{"efectivo_id": 3, "lat": -34.6037, "lng": -58.3816}]}))]
pub struct PositionsIn {
    /// 1 to 1000 reports.
    posiciones: Vec<OfficerPositionIn>,
}

/// Where one of several officers is.
#[derive(Deserialize, ToSchema)]
pub struct OfficerPositionIn {
    /// Whose.
    efectivo_id: i64,
    /// Where and when.
    #[serde(flatten)]
    position: PositionIn,
}

/// What was taken.
#[derive(Serialize, ToSchema)]
pub struct PositionsOut {
    /// How many reports.
    recibidas: usize,
}

fn report(officer: i64, position: &PositionIn, field: &str) -> Result<Report, Error> {
    let point = Point::new(position.lat, position.lng)
        .map_err(|error| Error::invalid(format!("{field}{}", error.field), error))?;
    let (accuracy_m, measured_at) = (position.precision_m, position.medida_en);
    Ok(Report { officer: OfficerId(officer), point, accuracy_m, measured_at })
}

/// Notes where an officer is: one's own place, or anybody's from level 2.
#[utoipa::path(post, path = "/api/v1/efectivos/{efectivo_id}/posicion", tag = "efectivos",
    security(("bearer" = [])), params(("efectivo_id" = i64, Path)), request_body = PositionIn,
    responses((status = 200, body = PositionsOut), (status = "4XX", body = Problem)))]
pub async fn one(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Id(id): Id,
    Json(body): Json<PositionIn>,
) -> Result<Json<PositionsOut>> {
    let taken = app::position::report(&cx, &actor, vec![report(id, &body, "")?]).await?;
    Ok(Json(PositionsOut { recibidas: taken.len() }))
}

/// Notes where several officers are; all reports are taken, or none.
#[utoipa::path(post, path = "/api/v1/posiciones", tag = "efectivos", security(("bearer" = [])),
    request_body = PositionsIn,
    responses((status = 200, body = PositionsOut), (status = "4XX", body = Problem)))]
pub async fn many(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(body): Json<PositionsIn>,
) -> Result<Json<PositionsOut>> {
    let numbered = body.posiciones.iter().enumerate();
    let reports = numbered.map(|(n, p)| report(p.efectivo_id, &p.position, &format!("posiciones.{n}.")));
    let taken = app::position::report(&cx, &actor, reports.collect::<Result<_, _>>()?).await?;
    Ok(Json(PositionsOut { recibidas: taken.len() }))
}
