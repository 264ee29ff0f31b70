//! A task in a row.

use chrono::TimeDelta;
use domain::{OfficerId, Task, TaskCode, TaskId, UserId};
use sqlx::postgres::PgRow;
use store::Result;

use crate::row::Fields;

/// Columns of `tareas t`, the officers' numbers among them, so that a task is one statement.
macro_rules! columns {
    () => {
        "t.id, t.uuid, t.codigo, t.titulo, t.descripcion, t.tipo, t.prioridad, t.inicio_programado, \
         t.fin_programado, t.inicio_real, t.fin_real, t.tiempo_pausado_us, t.pausado_en, t.estado, \
         t.delegado_usuario_id, t.creado_por_usuario_id, t.ubicacion_lat, t.ubicacion_lon, t.ubicacion_descripcion, \
         t.duracion_real_horas, t.espera_efectivo, t.emergencia, t.despacho_desde, t.notas, t.extra_data, \
         t.created_at, t.updated_at, t.deleted_at, t.version, ARRAY(SELECT te.efectivo_id FROM tarea_efectivos te WHERE te.tarea_id = t.id \
         ORDER BY te.efectivo_id) AS efectivos"
    };
}
pub(crate) use columns;

/// Reads a row of `columns!`.
pub(crate) fn task(row: &PgRow) -> Result<Task> {
    let fields = Fields::of("tareas", row);
    Ok(Task {
        id: TaskId(fields.get("id")?),
        uuid: fields.get("uuid")?,
        code: TaskCode::stored(fields.get("codigo")?),
        title: fields.text("titulo")?,
        description: fields.maybe_text("descripcion")?,
        kind: fields.word("tipo")?,
        priority: fields.grade("prioridad")?,
        state: fields.word("estado")?,
        scheduled_start: fields.get("inicio_programado")?,
        scheduled_end: fields.get("fin_programado")?,
        started_at: fields.get("inicio_real")?,
        finished_at: fields.get("fin_real")?,
        paused_total: TimeDelta::microseconds(fields.get("tiempo_pausado_us")?),
        paused_at: fields.get("pausado_en")?,
        duration_hours: fields.get("duracion_real_horas")?,
        delegate: UserId(fields.get("delegado_usuario_id")?),
        creator: UserId(fields.get("creado_por_usuario_id")?),
        location: fields.maybe_point("ubicacion_lat", "ubicacion_lon")?,
        location_description: fields.maybe_text("ubicacion_descripcion")?,
        officers: fields.get::<Vec<i64>>("efectivos")?.into_iter().map(OfficerId).collect(),
        awaits_officer: fields.get("espera_efectivo")?,
        emergency: fields.get("emergencia")?,
        dispatch_from: fields.get("despacho_desde")?,
        notes: fields.json("notas")?,
        extra: fields.json("extra_data")?,
        created_at: fields.get("created_at")?,
        updated_at: fields.get("updated_at")?,
        deleted_at: fields.get("deleted_at")?,
        version: fields.get("version")?,
    })
}
