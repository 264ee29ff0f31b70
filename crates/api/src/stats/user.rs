//! `GET /stats/user/{user_id}`.

use app::Context;
use app::stats::{Origin, UserReport};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::UserId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::extract::{Authenticated, Id, Json, Pair, Query};
use crate::field;
use crate::problem::Problem;

/// Which figures.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatsQuery {
    /// How far to look back.
    #[serde(default = "month", deserialize_with = "field::bounded::<_, u16, 1, 365>")]
    #[param(default = 30, minimum = 1, maximum = 365)]
    days: u16,
    /// Whether figures of up to five minutes ago will do.
    #[serde(default = "yes")]
    #[param(default = true)]
    use_cache: bool,
}

const fn month() -> u16 {
    30
}

const fn yes() -> bool {
    true
}

/// Tasks that a user answers for and that were made in the period.
#[derive(Serialize, ToSchema)]
pub struct StatsOut {
    /// Who.
    user_id: i64,
    /// How far it looks back.
    period_days: u16,
    /// All.
    total: i64,
    /// `finalizada`.
    completadas: i64,
    /// `en_curso`.
    en_progreso: i64,
    /// `programada`.
    programadas: i64,
    /// `cancelada`.
    canceladas: i64,
    /// `pausada`.
    pausadas: i64,
    /// Mean hours of the finished ones, two decimals.
    promedio_duracion_horas: f64,
    /// Finished ones a day, two decimals.
    productividad_diaria: f64,
    /// The same counts by GRUPO_GAD's names.
    estados: StatesOut,
    /// When it was counted.
    calculated_at: DateTime<Utc>,
    /// Where it comes from.
    #[serde(rename = "_cache")]
    cache: CacheOut,
}

/// Counts by state.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct StatesOut {
    /// `finalizada`.
    completed: i64,
    /// `en_curso`.
    in_progress: i64,
    /// `programada`.
    programmed: i64,
    /// `cancelada`.
    cancelled: i64,
    /// `pausada`.
    paused: i64,
}

/// Where figures come from.
#[derive(Serialize, ToSchema)]
pub struct CacheOut {
    /// Whether they were counted before.
    hit: bool,
    /// `database`, `memory` or `redis`.
    source: &'static str,
    /// Their key, without the prefix.
    key: String,
}

/// Figures on oneself, or on anybody for level 2.
#[utoipa::path(get, path = "/api/v1/stats/user/{user_id}", tag = "stats",
    operation_id = "stats_user", security(("bearer" = [])),
    params(("user_id" = i64, Path), StatsQuery),
    responses((status = 200, body = StatsOut), (status = "4XX", body = Problem)))]
pub async fn user(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Pair(Id(user), Query(query)): Pair<Id, Query<StatsQuery>>,
) -> Result<Json<StatsOut>> {
    let (report, origin) = app::stats::of_user(&cx, &actor, UserId(user), query.days, query.use_cache).await?;
    Ok(Json(out(&report, origin)))
}

fn out(report: &UserReport, origin: Origin) -> StatsOut {
    let counts = report.counts;
    StatsOut {
        user_id: report.user.0,
        period_days: report.days,
        total: counts.total,
        completadas: counts.finished,
        en_progreso: counts.in_progress,
        programadas: counts.scheduled,
        canceladas: counts.cancelled,
        pausadas: counts.paused,
        promedio_duracion_horas: report.mean_hours,
        productividad_diaria: report.finished_a_day,
        estados: StatesOut {
            completed: counts.finished,
            in_progress: counts.in_progress,
            programmed: counts.scheduled,
            cancelled: counts.cancelled,
            paused: counts.paused,
        },
        calculated_at: report.at,
        cache: CacheOut { hit: origin.hit, source: origin.source, key: origin.key },
    }
}
