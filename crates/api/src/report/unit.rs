//! `GET /reports/units`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::officer::Unit;
use domain::report::{OfficerWork, UnitWork};
use serde::Serialize;
use utoipa::ToSchema;

use super::out::{GroupOut, ResponseTimesOut, hours, response_times};
use super::query::{PeriodQuery, ScopeOut};
use crate::error::Result;
use crate::extract::{Authenticated, Json, Query};
use crate::problem::Problem;

/// The tasks of a period by who was sent to them.
#[derive(Serialize, ToSchema)]
pub struct CrewOut {
    /// What it is of.
    alcance: ScopeOut,
    /// When it was reckoned.
    calculado_en: DateTime<Utc>,
    /// Tasks to which nobody is sent.
    sin_asignar: u64,
    /// Units with most tasks first. A task with officers of two units counts for both.
    unidades: Vec<UnitWorkOut>,
    /// Officers with most tasks first, also those who were deleted since.
    efectivos: Vec<OfficerWorkOut>,
}

/// Tasks of one unit.
#[derive(Serialize, ToSchema)]
pub struct UnitWorkOut {
    /// Which, as its officers have it today; `null` for those without one.
    unidad: Option<String>,
    /// Officers who were sent to something.
    efectivos: u64,
    /// Hours of its officers at finished tasks.
    horas: f64,
    /// Its tasks.
    cifras: GroupOut,
    /// How soon its tasks reached each step, by any of their officers.
    tiempos: Vec<ResponseTimesOut>,
}

/// Tasks of one officer.
#[derive(Serialize, ToSchema)]
pub struct OfficerWorkOut {
    efectivo_id: i64,
    codigo_interno: String,
    nombre: String,
    unidad: Option<String>,
    /// Hours at finished tasks.
    horas: f64,
    /// The officer's tasks.
    cifras: GroupOut,
}

impl From<UnitWork> for UnitWorkOut {
    fn from(work: UnitWork) -> Self {
        Self {
            unidad: work.unit.map(Unit::into_string),
            efectivos: work.officers,
            horas: hours(work.hours),
            cifras: work.group.into(),
            tiempos: response_times(&work.times),
        }
    }
}

impl From<OfficerWork> for OfficerWorkOut {
    fn from(work: OfficerWork) -> Self {
        let officer = work.officer;
        Self {
            efectivo_id: officer.id.0,
            nombre: officer.full_name(),
            codigo_interno: officer.internal_code.into_string(),
            unidad: officer.unit.map(Unit::into_string),
            horas: hours(work.hours),
            cifras: work.group.into(),
        }
    }
}

/// The tasks of a period by unit and by officer, for level 2.
#[utoipa::path(get, path = "/api/v1/reports/units", tag = "reports", security(("bearer" = [])),
    operation_id = "report_units", params(PeriodQuery),
    responses((status = 200, body = CrewOut), (status = "4XX", body = Problem)))]
pub async fn units(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(query): Query<PeriodQuery>,
) -> Result<Json<CrewOut>> {
    let query = query.asked(&cx, &actor)?;
    let crew = app::report::crew(&cx, &actor, &query).await?;
    Ok(Json(CrewOut {
        alcance: (&query).into(),
        calculado_en: cx.clock.now(),
        sin_asignar: crew.unassigned,
        unidades: crew.units.into_iter().map(UnitWorkOut::from).collect(),
        efectivos: crew.officers.into_iter().map(OfficerWorkOut::from).collect(),
    }))
}
