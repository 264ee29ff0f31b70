//! `POST /asignaciones/{assignment_id}/pasos`.

use app::Context;
use app::assignment::StepInput;
use axum::extract::State;
use domain::{AssignmentId, AssignmentState, Channel, MultiLine, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AssignmentOut;
use crate::error::Result;
use crate::extract::{Authenticated, Id, Json, WithBody};
use crate::problem::Problem;
use crate::schema::{CanalAsignacion, EstadoAsignacion};
use crate::task::TaskOut;

/// A step of an assignment.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"estado": "aceptada"}))]
pub struct StepIn {
    /// `avisada`, `aceptada`, `en_camino`, `en_lugar`, `liberada` or `rechazada`.
    #[schema(value_type = EstadoAsignacion)]
    estado: AssignmentState,
    /// By which channel the officer reported it; `voz` where a supervisor records what was said by radio
    /// or telephone. That of the request when absent.
    #[serde(default)]
    #[schema(value_type = Option<CanalAsignacion>)]
    canal: Option<Channel>,
    /// Why; needed for `rechazada`.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    motivo: Option<MultiLine<0, 500>>,
}

/// What became of a step.
#[derive(Serialize, ToSchema)]
pub struct SteppedOut {
    /// The assignment as it is now.
    asignacion: AssignmentOut,
    /// Its task as it is now.
    tarea: TaskOut,
}

/// Takes a step of one's own assignment or offer, or, for level 2, of another officer's. The same step
/// again changes nothing.
#[utoipa::path(post, path = "/api/v1/asignaciones/{assignment_id}/pasos", tag = "asignaciones",
    security(("bearer" = [])), operation_id = "assignment_step", request_body = StepIn,
    params(("assignment_id" = i64, Path)),
    responses((status = 200, body = SteppedOut), (status = "4XX", body = Problem)))]
pub async fn step(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Id(id), Json(body)): WithBody<Id, Json<StepIn>>,
) -> Result<Json<SteppedOut>> {
    let input = StepInput { state: body.estado, channel: body.canal, reason: body.motivo.map(Text::into_string) };
    let (assignment, task) = app::assignment::advance(&cx, &actor, AssignmentId(id), &input).await?;
    Ok(Json(SteppedOut { asignacion: AssignmentOut::of_task(&assignment, &task), tarea: task.into() }))
}
