//! `GET /reports/summary`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use domain::report::{Day, Emergencies, Figures, Milestone, ResponseTimes};
use domain::{Priority, TaskKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::out::{GroupOut, ResponseTimesOut, TallyOut, TimesOut, response_times};
use super::query::{PeriodQuery, ScopeOut};
use crate::error::Result;
use crate::extract::{Authenticated, Json, Query};
use crate::problem::Problem;
use crate::schema::TipoTarea;

/// Counts and times over the tasks that were made in a period.
#[derive(Serialize, ToSchema)]
pub struct SummaryOut {
    /// What it is of.
    alcance: ScopeOut,
    /// When it was reckoned.
    calculado_en: DateTime<Utc>,
    /// All tasks.
    cifras: GroupOut,
    /// Finished ones that were never begun, which have no times.
    sin_inicio: u64,
    /// By kind; all of them.
    tipos: Vec<KindOut>,
    /// By priority, highest first; all of them.
    prioridades: Vec<PriorityOut>,
    /// By the day on which they were made; all days of the period.
    dias: Vec<DayOut>,
    /// Seven rows, Monday first, of the 24 hours in which tasks were made.
    horas: Vec<Vec<u64>>,
    /// Calls for help, and interventions of priority 5.
    emergencias: EmergenciesOut,
    /// How soon all tasks reached each step.
    tiempos: Vec<ResponseTimesOut>,
}

/// Tasks of one kind.
#[derive(Serialize, ToSchema)]
pub struct KindOut {
    #[schema(value_type = TipoTarea)]
    tipo: TaskKind,
    cifras: GroupOut,
}

/// Tasks of one priority.
#[derive(Serialize, ToSchema)]
pub struct PriorityOut {
    #[schema(value_type = u8, minimum = 1, maximum = 5)]
    prioridad: Priority,
    cifras: GroupOut,
    /// How soon they reached each step.
    tiempos: Vec<ResponseTimesOut>,
}

/// Tasks that were made on one day.
#[derive(Serialize, ToSchema)]
pub struct DayOut {
    /// Which day.
    fecha: NaiveDate,
    /// How many.
    total: u64,
    /// By state, as they are now.
    estados: TallyOut,
    /// Emergencies among them.
    emergencias: u64,
}

/// Emergencies.
#[derive(Serialize, ToSchema)]
pub struct EmergenciesOut {
    /// How many.
    total: u64,
    /// Of these, open ones without an officer.
    sin_asignar: u64,
    /// From the call to the first officer who is assigned.
    asignacion: TimesOut,
    /// From the call to the first acceptance.
    respuesta: TimesOut,
    /// From the call to the first officer on scene.
    llegada: TimesOut,
    /// How soon they reached each step.
    tiempos: Vec<ResponseTimesOut>,
}

impl From<Day> for DayOut {
    fn from(day: Day) -> Self {
        Self { fecha: day.date, total: day.tally.tasks, estados: day.tally.into(), emergencias: day.emergencies }
    }
}

impl From<Emergencies> for EmergenciesOut {
    fn from(found: Emergencies) -> Self {
        Self {
            total: found.total,
            sin_asignar: found.waiting,
            asignacion: found.times.row(Milestone::Assigned).times.into(),
            respuesta: found.times.row(Milestone::Accepted).times.into(),
            llegada: found.times.row(Milestone::OnScene).times.into(),
            tiempos: response_times(&found.times),
        }
    }
}

fn out(alcance: ScopeOut, calculado_en: DateTime<Utc>, figures: Figures) -> SummaryOut {
    let kind = |(tipo, group): (TaskKind, domain::report::Group)| KindOut { tipo, cifras: group.into() };
    let times_of = |priority: Priority| figures.priority_times.iter().find(|(one, _)| *one == priority);
    let tiempos =
        |found: Option<&(Priority, ResponseTimes)>| found.map(|(_, times)| response_times(times)).unwrap_or_default();
    let priority = |(prioridad, group): (Priority, domain::report::Group)| PriorityOut {
        prioridad,
        cifras: group.into(),
        tiempos: tiempos(times_of(prioridad)),
    };
    SummaryOut {
        alcance,
        calculado_en,
        cifras: figures.all.into(),
        sin_inicio: figures.unbegun,
        tipos: figures.kinds.into_iter().map(kind).collect(),
        prioridades: figures.priorities.into_iter().map(priority).collect(),
        dias: figures.days.into_iter().map(DayOut::from).collect(),
        horas: figures.hours.iter().map(|day| day.to_vec()).collect(),
        emergencias: figures.emergencies.into(),
        tiempos: response_times(&figures.times),
    }
}

/// Counts, times, days and hours of the tasks that were made in a period, for level 2.
#[utoipa::path(get, path = "/api/v1/reports/summary", tag = "reports", security(("bearer" = [])),
    operation_id = "report_summary", params(PeriodQuery),
    responses((status = 200, body = SummaryOut), (status = "4XX", body = Problem)))]
pub async fn summary(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(query): Query<PeriodQuery>,
) -> Result<Json<SummaryOut>> {
    let query = query.asked(&cx, &actor)?;
    let figures = app::report::figures(&cx, &actor, &query).await?;
    Ok(Json(out((&query).into(), cx.clock.now(), figures)))
}
