//! `PUT /tasks/{task_id}` and `POST /tasks/{task_id}/asignaciones`.

use app::task::{Sent, TaskChange};
use app::{Context, Versions};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::task::TaskEdit;
use domain::{MultiLine, Priority, TaskCode, TaskId, TaskKind, TaskState, Text, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::TaskOut;
use super::create::{MOST_OFFICERS, officers, place, widen};
use crate::error::Result;
use crate::etag::{IfMatch, etag};
use crate::extract::{Authenticated, Id, Json, Pair, WithBody};
use crate::field;
use crate::problem::Problem;
use crate::schema::{EstadoTarea, TipoTarea};

/// Fields to change: those that are absent stay, `null` empties the ones that may be empty.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"estado": "en_curso"}))]
pub struct TaskPatch {
    /// New short name (level 3).
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{3,20}$")]
    codigo: Option<CodeIn>,
    /// New title.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, min_length = 5, max_length = 200)]
    titulo: Option<Text<5, 200>>,
    /// New description.
    #[serde(default, deserialize_with = "field::patch")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    descripcion: Option<Option<MultiLine<0, 1000>>>,
    /// New state, along the state machine.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<EstadoTarea>)]
    estado: Option<TaskState>,
    /// New kind.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<TipoTarea>)]
    tipo: Option<TaskKind>,
    /// New priority.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<u8>, minimum = 1, maximum = 5)]
    prioridad: Option<Priority>,
    /// New programmed start.
    #[serde(default, deserialize_with = "field::time_not_null")]
    inicio_programado: Option<DateTime<Utc>>,
    /// New programmed end.
    #[serde(default, deserialize_with = "field::patch_time")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    fin_programado: Option<Option<DateTime<Utc>>>,
    /// New delegate (level 3).
    #[serde(default, deserialize_with = "field::not_null")]
    delegado_usuario_id: Option<i64>,
    /// All officers who are to be sent; whoever is not named is taken off.
    #[serde(default, deserialize_with = "field::numbers_not_null::<_, MOST_OFFICERS>")]
    #[schema(max_items = 500)]
    efectivos_asignados: Option<Vec<i64>>,
    /// Send officers whom the rules exclude, such as one who is off duty; audited.
    #[serde(default)]
    forzar: bool,
    /// Degrees north; together with `ubicacion_lon`, both `null` to empty.
    #[serde(default, deserialize_with = "field::patch_latitude")]
    #[schema(value_type = Option<f64>, minimum = -90, maximum = 90)]
    ubicacion_lat: Option<Option<f64>>,
    /// Degrees east.
    #[serde(default, deserialize_with = "field::patch_longitude")]
    #[schema(value_type = Option<f64>, minimum = -180, maximum = 180)]
    ubicacion_lon: Option<Option<f64>>,
    /// New place in words.
    #[serde(default, deserialize_with = "field::patch")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    ubicacion_descripcion: Option<Option<MultiLine<0, 1000>>>,
    /// Why the state changes, for the history; at most 500 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    motivo: Option<MultiLine<1, 500>>,
}

#[derive(Deserialize)]
struct CodeIn(#[serde(deserialize_with = "field::checked::<_, String, _>")] TaskCode);

impl TaskPatch {
    fn change(self, expected: Option<Versions>) -> Result<TaskChange> {
        let Self { ubicacion_lat: lat, ubicacion_lon: lon, .. } = self;
        let location = match (lat, lon) {
            (None, None) => None,
            (lat, lon) => Some(place(lat.flatten(), lon.flatten())?),
        };
        let wide = |text: Option<Option<MultiLine<0, 1000>>>| text.map(|text| text.map(widen).transpose()).transpose();
        let edit = TaskEdit {
            code: self.codigo.map(|code| code.0),
            title: self.titulo.map(widen).transpose()?,
            description: wide(self.descripcion)?,
            kind: self.tipo,
            priority: self.prioridad,
            scheduled_start: self.inicio_programado,
            scheduled_end: self.fin_programado,
            delegate: self.delegado_usuario_id.map(UserId),
            location,
            location_description: wide(self.ubicacion_descripcion)?,
        };
        Ok(TaskChange {
            edit,
            state: self.estado,
            officers: self.efectivos_asignados.map(officers).map(Sent::Exactly),
            reason: self.motivo.map(Text::into_string),
            force: self.forzar,
            expected,
        })
    }
}

/// Changes the fields that are present.
#[utoipa::path(put, path = "/api/v1/tasks/{task_id}", tag = "tasks",
    operation_id = "task_update", security(("bearer" = [])),
    params(("task_id" = i64, Path), ("If-Match" = Option<String>, Header)), request_body = TaskPatch,
    responses((status = 200, body = TaskOut), (status = "4XX", body = Problem)))]
pub async fn update(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Pair(Id(id), IfMatch(expected)), Json(body)): WithBody<Pair<Id, IfMatch>, Json<TaskPatch>>,
) -> Result<Response> {
    let task = app::task::update(&cx, &actor, TaskId(id), body.change(expected)?).await?;
    Ok((etag(task.version), Json(TaskOut::from(task))).into_response())
}

/// Officers to be sent, or taken off.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"efectivos": [3, 8], "quitar": false}))]
pub struct AssignmentIn {
    /// Their numbers.
    #[serde(deserialize_with = "field::numbers::<_, MOST_OFFICERS>")]
    #[schema(max_items = 500)]
    efectivos: Vec<i64>,
    /// Take them off instead of sending them.
    #[serde(default)]
    quitar: bool,
    /// Send officers whom the rules exclude, such as one who is off duty; audited.
    #[serde(default)]
    forzar: bool,
}

/// Sends several officers to a task besides those who are sent, or takes several off.
#[utoipa::path(post, path = "/api/v1/tasks/{task_id}/asignaciones", tag = "tasks",
    operation_id = "task_assign", security(("bearer" = [])),
    params(("task_id" = i64, Path), ("If-Match" = Option<String>, Header)), request_body = AssignmentIn,
    responses((status = 200, body = TaskOut), (status = "4XX", body = Problem)))]
pub async fn assign(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Pair(Id(id), IfMatch(expected)), Json(body)): WithBody<Pair<Id, IfMatch>, Json<AssignmentIn>>,
) -> Result<Response> {
    let ids = officers(body.efectivos);
    let sent = if body.quitar { Sent::Without(ids) } else { Sent::Also(ids) };
    let change = TaskChange { officers: Some(sent), force: body.forzar, expected, ..TaskChange::default() };
    let task = app::task::update(&cx, &actor, TaskId(id), change).await?;
    Ok((etag(task.version), Json(TaskOut::from(task))).into_response())
}
