//! Counts and times as they stand on the wire.

use domain::TaskState;
use domain::report::{Group, Milestone, ResponseRow, ResponseTimes, Tally, Times};
use serde::Serialize;
use utoipa::ToSchema;

use crate::schema::PasoMedido;

/// Tasks by state.
#[derive(Serialize, ToSchema)]
pub struct TallyOut {
    programada: u64,
    en_curso: u64,
    pausada: u64,
    finalizada: u64,
    cancelada: u64,
}

impl From<Tally> for TallyOut {
    fn from(tally: Tally) -> Self {
        Self {
            programada: tally.of(TaskState::Scheduled),
            en_curso: tally.of(TaskState::InProgress),
            pausada: tally.of(TaskState::Paused),
            finalizada: tally.of(TaskState::Finished),
            cancelada: tally.of(TaskState::Cancelled),
        }
    }
}

/// How spans of time are spread, in seconds; `null` without any.
#[derive(Serialize, ToSchema)]
pub struct TimesOut {
    /// How many spans.
    cantidad: usize,
    /// Mean.
    media_s: Option<f64>,
    /// Median.
    p50_s: Option<f64>,
    /// What nine of ten do not exceed.
    p90_s: Option<f64>,
    /// What ninety-nine of a hundred do not exceed.
    p99_s: Option<f64>,
}

impl From<Times> for TimesOut {
    fn from(times: Times) -> Self {
        let some = |seconds: f64| (times.count > 0).then(|| (seconds * 1e3).round() / 1e3);
        Self {
            cantidad: times.count,
            media_s: some(times.mean),
            p50_s: some(times.p50),
            p90_s: some(times.p90),
            p99_s: some(times.p99),
        }
    }
}

/// Figures of some tasks.
#[derive(Serialize, ToSchema)]
pub struct GroupOut {
    /// How many.
    total: u64,
    /// By state, as they are now.
    estados: TallyOut,
    /// From the making to the first `en_curso`; of emergencies to the first acceptance.
    respuesta: TimesOut,
    /// From `inicio_real` to `fin_real` less the pauses, of finished ones.
    resolucion: TimesOut,
}

impl From<Group> for GroupOut {
    fn from(group: Group) -> Self {
        Self {
            total: group.tally.tasks,
            estados: group.tally.into(),
            respuesta: group.response.into(),
            resolucion: group.resolution.into(),
        }
    }
}

/// How soon tasks reached one step after their receipt. An emergency is received when it is made, any
/// other task at `inicio_programado`, or when it is made if that is later. Of each task the first officer
/// to reach the step counts, whichever that is.
#[derive(Serialize, ToSchema)]
pub struct ResponseTimesOut {
    /// Which.
    #[schema(value_type = PasoMedido)]
    paso: Milestone,
    /// From the receipt to the step, of the tasks that reached it.
    tiempo: TimesOut,
    /// Tasks without the step, or without its time.
    sin_paso: u64,
    /// Seconds within which the office wants it reached; `null` for steps without a target.
    objetivo_s: Option<i64>,
    /// Tasks that reached it within the target.
    en_objetivo: Option<u64>,
    /// Their share of the tasks that reached it, 0 to 1.
    proporcion: Option<f64>,
}

impl From<&ResponseRow> for ResponseTimesOut {
    fn from(row: &ResponseRow) -> Self {
        Self {
            paso: row.milestone,
            tiempo: row.times.into(),
            sin_paso: row.missing,
            objetivo_s: row.in_target.map(|found| found.target.num_seconds()),
            en_objetivo: row.in_target.map(|found| found.tasks),
            proporcion: row.in_target.and_then(|found| found.share).map(|share| (share * 1e4).round() / 1e4),
        }
    }
}

/// One row for each step.
pub(super) fn response_times(times: &ResponseTimes) -> Vec<ResponseTimesOut> {
    times.rows().iter().map(ResponseTimesOut::from).collect()
}

/// Hours to the second.
pub(super) fn hours(hours: f64) -> f64 {
    (hours * 3600.0).round() / 3600.0
}
