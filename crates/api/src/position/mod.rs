//! `POST /efectivos/{efectivo_id}/posicion` and `POST /posiciones`.

pub mod track;

use app::position::Report;
use app::{Context, Error};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::OfficerId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Id, Json, WithBody};
use crate::field;
use crate::problem::Problem;

/// Where an officer is.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"lat": -34.6037, "lng": -58.3816, "precision_m": 12.5}))]
pub struct PositionIn {
    /// Degrees north.
    #[serde(deserialize_with = "field::latitude")]
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    /// Degrees east.
    #[serde(deserialize_with = "field::longitude")]
    #[schema(minimum = -180, maximum = 180)]
    lng: f64,
    /// Radius in metres within which the officer probably is.
    #[serde(default, deserialize_with = "field::accuracy_opt")]
    #[schema(minimum = 0, maximum = 1_000_000)]
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
    #[schema(min_items = 1, max_items = 1000)]
    posiciones: Vec<OfficerPositionIn>,
}

/// Where one of several officers is.
#[derive(Deserialize, ToSchema)]
pub struct OfficerPositionIn {
    /// Whose.
    efectivo_id: i64,
    /// Degrees north.
    #[serde(deserialize_with = "field::latitude")]
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    /// Degrees east.
    #[serde(deserialize_with = "field::longitude")]
    #[schema(minimum = -180, maximum = 180)]
    lng: f64,
    /// Radius in metres within which the officer probably is.
    #[serde(default, deserialize_with = "field::accuracy_opt")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    precision_m: Option<f64>,
    /// When the device measured it; now when absent.
    #[serde(default, deserialize_with = "field::time_opt")]
    medida_en: Option<DateTime<Utc>>,
}

/// What was taken.
#[derive(Serialize, ToSchema)]
pub struct PositionsOut {
    /// How many reports.
    recibidas: usize,
}

impl PositionIn {
    fn report(self, officer: i64) -> Result<Report, Error> {
        let point = field::point(self.lat, self.lng)?;
        Ok(Report { officer: OfficerId(officer), point, accuracy_m: self.precision_m, measured_at: self.medida_en })
    }
}

impl OfficerPositionIn {
    fn report(self) -> Result<Report, Error> {
        let Self { efectivo_id, lat, lng, precision_m, medida_en } = self;
        PositionIn { lat, lng, precision_m, medida_en }.report(efectivo_id)
    }
}

/// The use case takes several reports; here there is one, whose fields have no place in a list.
fn of_single(error: Error) -> Error {
    let Error::Invalid(mut problems) = error else { return error };
    for problem in &mut problems {
        if let Some(field) = problem.field.strip_prefix("posiciones.0.") {
            problem.field = field.to_owned();
        }
    }
    Error::Invalid(problems)
}

/// Notes where an officer is: one's own place, or anybody's from level 2.
#[utoipa::path(post, path = "/api/v1/efectivos/{efectivo_id}/posicion", tag = "efectivos",
    operation_id = "position_report",
    security(("bearer" = [])), params(("efectivo_id" = i64, Path)), request_body = PositionIn,
    responses((status = 200, body = PositionsOut), (status = "4XX", body = Problem)))]
pub async fn one(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Id(id), Json(body)): WithBody<Id, Json<PositionIn>>,
) -> Result<Json<PositionsOut>> {
    let taken = app::position::report(&cx, &actor, vec![body.report(id)?]).await.map_err(of_single)?;
    Ok(Json(PositionsOut { recibidas: taken.len() }))
}

/// Notes where several officers are; all reports are taken, or none.
#[utoipa::path(post, path = "/api/v1/posiciones", tag = "efectivos",
    operation_id = "position_report_many", security(("bearer" = [])),
    request_body = PositionsIn,
    responses((status = 200, body = PositionsOut), (status = "4XX", body = Problem)))]
pub async fn many(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(body): Json<PositionsIn>,
) -> Result<Json<PositionsOut>> {
    let reports = body.posiciones.into_iter().map(OfficerPositionIn::report);
    let taken = app::position::report(&cx, &actor, reports.collect::<Result<_, _>>()?).await?;
    Ok(Json(PositionsOut { recibidas: taken.len() }))
}
