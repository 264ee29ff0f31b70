//! Reading assignments.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{AssignmentId, TaskId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::AssignmentOut;
use crate::error::Result;
use crate::extract::{Authenticated, Id, Json, Query};
use crate::field::{self, PeriodBound};
use crate::problem::Problem;

/// Assignments and offers of a task, oldest first.
#[utoipa::path(get, path = "/api/v1/tasks/{task_id}/asignaciones", tag = "asignaciones", security(("bearer" = [])),
    operation_id = "task_assignments", params(("task_id" = i64, Path)),
    responses((status = 200, body = Vec<AssignmentOut>), (status = "4XX", body = Problem)))]
pub async fn of_task(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Id(id): Id,
) -> Result<Json<Vec<AssignmentOut>>> {
    let sent = app::assignment::of_task(&cx, &actor, TaskId(id)).await?;
    Ok(Json(sent.into_iter().map(AssignmentOut::from).collect()))
}

/// The caller's own open assignments and offers.
#[utoipa::path(get, path = "/api/v1/asignaciones/mias", tag = "asignaciones", security(("bearer" = [])),
    operation_id = "own_assignments",
    responses((status = 200, body = Vec<AssignmentOut>), (status = "4XX", body = Problem)))]
pub async fn mine(State(cx): State<Context>, Authenticated(actor): Authenticated) -> Result<Json<Vec<AssignmentOut>>> {
    let sent = app::assignment::mine(&cx, &actor).await?;
    Ok(Json(sent.into_iter().map(AssignmentOut::from).collect()))
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnansweredQuery {
    /// Most rows, 1 to 500.
    #[serde(default = "most", deserialize_with = "field::bounded::<_, u32, 1, 500>")]
    #[param(default = 200, minimum = 1, maximum = 500)]
    limit: u32,
    /// `siguiente.desde` of the page before.
    #[param(value_type = Option<PeriodBound>)]
    desde: Option<PeriodBound>,
    /// `siguiente.id` of the page before.
    despues_de: Option<i64>,
}

const fn most() -> u32 {
    200
}

/// A page of assignments and offers that were sent and not accepted.
#[derive(Serialize, ToSchema)]
pub struct UnansweredOut {
    /// The longest running first.
    asignaciones: Vec<AssignmentOut>,
    /// Where to read on; `null` at the end.
    siguiente: Option<NextOut>,
    /// The server's time, for running seconds.
    ahora: DateTime<Utc>,
}

/// Where a list goes on.
#[derive(Serialize, ToSchema)]
pub struct NextOut {
    desde: DateTime<Utc>,
    id: i64,
}

/// Assignments and offers that were sent, run and were not accepted.
#[utoipa::path(get, path = "/api/v1/asignaciones/pendientes", tag = "asignaciones", security(("bearer" = [])),
    operation_id = "unanswered_assignments", params(UnansweredQuery),
    responses((status = 200, body = UnansweredOut), (status = "4XX", body = Problem)))]
pub async fn unanswered(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(query): Query<UnansweredQuery>,
) -> Result<Json<UnansweredOut>> {
    app::policy::require(&actor, app::policy::Permission::ViewAllTasks)?;
    let zone = cx.settings.time_zone;
    let after = query.desde.map(|from| (from.begins(zone), AssignmentId(query.despues_de.unwrap_or_default())));
    let sent = app::assignment::unanswered(&cx, &actor, after, query.limit).await?;
    let is_full = sent.len() == query.limit as usize;
    let last = sent.last().filter(|_| is_full).map(|last| &last.assignment);
    let next = last.and_then(|last| Some(NextOut { desde: last.runs_from?, id: last.id.0 }));
    let assignments = sent.into_iter().map(AssignmentOut::from).collect();
    Ok(Json(UnansweredOut { asignaciones: assignments, siguiente: next, ahora: cx.clock.now() }))
}
