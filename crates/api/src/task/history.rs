//! `GET /tasks/{task_id}/historial`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::history::HistoryEntry;
use domain::{TaskId, TaskState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Id, Json};
use crate::problem::Problem;
use crate::schema::EstadoTarea;

/// One change of state.
#[derive(Serialize, ToSchema)]
pub struct HistoryOut {
    /// `null` when the task was made.
    #[schema(value_type = Option<EstadoTarea>)]
    estado_anterior: Option<TaskState>,
    /// What it became.
    #[schema(value_type = EstadoTarea)]
    estado_nuevo: TaskState,
    /// Who did it; `null` when the system did.
    usuario_id: Option<i64>,
    /// For whom, where another one did it.
    en_nombre_de: Option<i64>,
    /// Why.
    motivo: Option<String>,
    /// When.
    fecha: DateTime<Utc>,
}

impl From<HistoryEntry> for HistoryOut {
    fn from(entry: HistoryEntry) -> Self {
        Self {
            estado_anterior: entry.from,
            estado_nuevo: entry.to,
            usuario_id: entry.by.map(|user| user.0),
            en_nombre_de: entry.on_behalf_of.map(|user| user.0),
            motivo: entry.reason,
            fecha: entry.at,
        }
    }
}

/// The states that a task went through, oldest first.
#[utoipa::path(get, path = "/api/v1/tasks/{task_id}/historial", tag = "tasks",
    operation_id = "task_history", security(("bearer" = [])),
    params(("task_id" = i64, Path)),
    responses((status = 200, body = Vec<HistoryOut>), (status = "4XX", body = Problem)))]
pub async fn history(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Id(id): Id,
) -> Result<Json<Vec<HistoryOut>>> {
    let entries = app::task::history(&cx, &actor, TaskId(id)).await?;
    Ok(Json(entries.into_iter().map(HistoryOut::from).collect()))
}
