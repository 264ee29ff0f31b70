//! `POST /tasks/`.

use app::task::NewTaskInput;
use app::{Context, Error};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::{JsonObject, MultiLine, OfficerId, Point, Priority, TaskCode, TaskKind, Text, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::TaskOut;
use crate::error::Result;
use crate::etag::etag;
use crate::extract::{Authenticated, Json};
use crate::field;
use crate::problem::Problem;
use crate::schema::TipoTarea;

/// Most officers that one request may name.
pub const MOST_OFFICERS: usize = 500;

/// A task to be made.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"codigo": "OPE-2026-001", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
    "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": 2, "creado_por_usuario_id": 2}))]
pub struct TaskIn {
    /// `[A-Z0-9_-]{3,20}`, upper-cased.
    #[serde(deserialize_with = "field::checked::<_, String, _>")]
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{3,20}$")]
    codigo: TaskCode,
    /// 5 to 200 characters.
    #[schema(value_type = String, min_length = 5, max_length = 200)]
    titulo: Text<5, 200>,
    /// What it is about.
    #[schema(value_type = TipoTarea)]
    tipo: TaskKind,
    /// When it should begin.
    #[serde(deserialize_with = "field::time")]
    inicio_programado: DateTime<Utc>,
    /// The supervisor who answers for it.
    delegado_usuario_id: i64,
    /// The caller; nobody else may stand here.
    creado_por_usuario_id: Option<i64>,
    /// At most 1000 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000)]
    descripcion: Option<MultiLine<0, 1000>>,
    /// 1 to 5.
    #[serde(default = "medium")]
    #[schema(value_type = u8, minimum = 1, maximum = 5, default = 2)]
    prioridad: Priority,
    /// When it should end; after the start.
    #[serde(default, deserialize_with = "field::time_opt")]
    fin_programado: Option<DateTime<Utc>>,
    /// Officers to be sent.
    #[serde(default, deserialize_with = "field::numbers::<_, MOST_OFFICERS>")]
    #[schema(max_items = 500)]
    efectivos_asignados: Vec<i64>,
    /// Send officers whom the rules exclude, such as one who is off duty; audited.
    #[serde(default)]
    forzar: bool,
    /// Degrees north; together with `ubicacion_lon` or not at all.
    #[serde(default, deserialize_with = "field::latitude_opt")]
    #[schema(minimum = -90, maximum = 90)]
    ubicacion_lat: Option<f64>,
    /// Degrees east.
    #[serde(default, deserialize_with = "field::longitude_opt")]
    #[schema(minimum = -180, maximum = 180)]
    ubicacion_lon: Option<f64>,
    /// Where, in words.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000)]
    ubicacion_descripcion: Option<MultiLine<0, 1000>>,
}

const fn medium() -> Priority {
    Priority::Medium
}

/// A place from two fields that come together or not at all.
pub(super) fn place(lat: Option<f64>, lon: Option<f64>) -> Result<Option<Point>, Error> {
    match (lat, lon) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Error::invalid("ubicacion_lon", "must be given together with ubicacion_lat")),
        (None, Some(_)) => Err(Error::invalid("ubicacion_lat", "must be given together with ubicacion_lon")),
        (Some(lat), Some(lon)) => field::point_of(("ubicacion_lat", lat), ("ubicacion_lon", lon)).map(Some),
    }
}

/// Officers by their numbers.
pub(super) fn officers(ids: Vec<i64>) -> Vec<OfficerId> {
    ids.into_iter().map(OfficerId).collect()
}

/// Text of one bound as text of a wider one.
pub fn widen<const A: usize, const B: usize, const LINES: bool, const C: usize, const D: usize, const MORE: bool>(
    text: Text<A, B, LINES>,
) -> Result<Text<C, D, MORE>, Error> {
    Text::try_from(text.into_string()).map_err(|error| Error::Internal(error.into()))
}

/// Makes a task, and sends officers to it.
#[utoipa::path(post, path = "/api/v1/tasks/", tag = "tasks",
    operation_id = "task_create", security(("bearer" = [])), request_body = TaskIn,
    responses((status = 200, body = TaskOut), (status = "4XX", body = Problem)))]
pub async fn create(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(body): Json<TaskIn>,
) -> Result<Response> {
    let input = NewTaskInput {
        code: body.codigo,
        title: widen(body.titulo)?,
        description: body.descripcion.map(widen).transpose()?,
        kind: body.tipo,
        priority: body.prioridad,
        scheduled_start: body.inicio_programado,
        scheduled_end: body.fin_programado,
        delegate: UserId(body.delegado_usuario_id),
        creator: body.creado_por_usuario_id.map(UserId),
        location: place(body.ubicacion_lat, body.ubicacion_lon)?,
        location_description: body.ubicacion_descripcion.map(widen).transpose()?,
        officers: officers(body.efectivos_asignados),
        force: body.forzar,
        extra: JsonObject::new(),
        alert: false,
    };
    let task = app::task::create(&cx, &actor, input).await?;
    Ok((etag(task.version), Json(TaskOut::from(task))).into_response())
}
