//! `POST /efectivos/{efectivo_id}/posicion` and `POST /posiciones`.

mod out;
pub mod track;

use app::position::{MOST_REPORTS, Report};
use app::{Context, Error, Kind};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::OfficerId;
use domain::position::ReportRefusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Batch, BatchElement, Id, Json, WithBody};
use crate::field;
use crate::problem::Problem;

pub use out::{DeviceOut, PositionsOut};

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
    /// When the device measured it; now when absent. Up to 2 minutes ahead it counts as now; older than 24
    /// hours it goes into the track only; up to 90 days.
    #[serde(default, deserialize_with = "field::time_opt")]
    medida_en: Option<DateTime<Utc>>,
}

/// Where several officers are.
#[derive(ToSchema)]
#[schema(example = json!({"posiciones": [{"efectivo_id": 3, "lat": -34.6037, "lng": -58.3816}]}))]
pub struct PositionsIn {
    /// 1 to 1000 reports, each of which is taken or refused by itself.
    #[schema(min_items = 1, max_items = 1000)]
    #[expect(dead_code, reason = "only the schema is of use: elements are read one by one")]
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
    /// When the device measured it; now when absent. Up to 2 minutes ahead it counts as now; older than 24
    /// hours it goes into the track only; up to 90 days.
    #[serde(default, deserialize_with = "field::time_opt")]
    medida_en: Option<DateTime<Utc>>,
}

impl PositionIn {
    fn report(self, index: usize, officer: i64) -> Result<Report, Error> {
        let point = field::point(self.lat, self.lng)?;
        let (officer, accuracy_m) = (OfficerId(officer), self.precision_m);
        Ok(Report { index, officer, point, accuracy_m, measured_at: self.medida_en })
    }
}

impl OfficerPositionIn {
    fn report(self, index: usize) -> Result<Report, Error> {
        let Self { efectivo_id, lat, lng, precision_m, medida_en } = self;
        PositionIn { lat, lng, precision_m, medida_en }.report(index, efectivo_id)
    }
}

impl BatchElement for OfficerPositionIn {
    const LIST: &'static str = "posiciones";
}

/// What the route for one report answers where it was refused.
fn refusal(officer: i64, why: ReportRefusal) -> Error {
    let problem = |field, message: &str| Error::invalid(field, message);
    match why {
        ReportRefusal::UnknownOfficer => Error::not_found(Kind::Officer, OfficerId(officer)),
        ReportRefusal::NotYours => Error::Forbidden(app::Forbidden::Level),
        ReportRefusal::OutOfRange => problem("precision_m", "must lie between 0 and 1000000"),
        ReportRefusal::Malformed | ReportRefusal::InFuture | ReportRefusal::TooOld => {
            problem("medida_en", "must lie in the last 90 days, and at most 2 minutes ahead")
        }
    }
}

/// Takes a report of where an officer is: one's own place, or anybody's from level 2.
#[utoipa::path(post, path = "/api/v1/efectivos/{efectivo_id}/posicion", tag = "efectivos",
    operation_id = "position_report",
    security(("bearer" = [])), params(("efectivo_id" = i64, Path)), request_body = PositionIn,
    responses((status = 200, body = PositionsOut), (status = "4XX", body = Problem)))]
pub async fn one(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Id(id), Json(body)): WithBody<Id, Json<PositionIn>>,
) -> Result<Json<PositionsOut>> {
    let outcome = app::position::report(&cx, &actor, vec![body.report(0, id)?]).await?;
    match outcome.refused.first() {
        Some((_, why)) => Err(refusal(id, *why).into()),
        None => Ok(Json(PositionsOut::new(outcome, Vec::new()))),
    }
}

/// Takes reports of where several officers are. Each is taken or refused by itself: `rechazadas` names those
/// that were refused, which are refused again when they are sent again.
#[utoipa::path(post, path = "/api/v1/posiciones", tag = "efectivos",
    operation_id = "position_report_many", security(("bearer" = [])),
    request_body = PositionsIn,
    responses((status = 200, body = PositionsOut), (status = "4XX", body = Problem)))]
pub async fn many(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Batch(elements): Batch<OfficerPositionIn>,
) -> Result<Json<PositionsOut>> {
    if elements.is_empty() || elements.len() > MOST_REPORTS {
        let message = format!("must hold 1 to {MOST_REPORTS} reports");
        return Err(Error::invalid("posiciones", message).into());
    }
    let (mut reports, mut unreadable) = (Vec::with_capacity(elements.len()), Vec::new());
    for (index, element) in elements.into_iter().enumerate() {
        match element {
            Ok(element) => reports.push(element.report(index)?),
            Err(fault) => unreadable.push((index, fault)),
        }
    }
    let outcome = app::position::report(&cx, &actor, reports).await?;
    Ok(Json(PositionsOut::new(outcome, unreadable)))
}
