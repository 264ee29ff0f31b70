//! A task as a row.

use chrono::TimeDelta;
use domain::{Point, Task, TaskCode, TaskId, Text, UserId, search};
use sqlx::sqlite::SqliteRow;
use store::Result;

use crate::row::{Fields, json, micros};
use crate::tx::Statement;

/// What [`task`] reads of `tareas t`: its columns and its officers.
macro_rules! task_columns {
    () => {
        "t.id, t.uuid, t.codigo, t.titulo, t.descripcion, t.tipo, t.prioridad, t.inicio_programado, \
         t.fin_programado, t.inicio_real, t.fin_real, t.tiempo_pausado_us, t.pausado_en, t.estado, \
         t.delegado_usuario_id, t.creado_por_usuario_id, t.ubicacion_lat, t.ubicacion_lon, t.ubicacion_descripcion, \
         t.duracion_real_horas, t.espera_efectivo, t.emergencia, t.despacho_desde, t.notas, t.extra_data, \
         t.created_at, t.updated_at, t.deleted_at, t.version, (SELECT json_group_array(te.efectivo_id ORDER BY te.efectivo_id) FROM tarea_efectivos te \
         WHERE te.tarea_id = t.id) AS efectivos"
    };
}
pub(crate) use task_columns;

/// Reads a row of `task_columns!`.
pub(crate) fn task(row: &SqliteRow) -> Result<Task> {
    let fields = Fields::of("tareas", row);
    Ok(Task {
        id: TaskId(fields.get("id")?),
        uuid: fields.get("uuid")?,
        code: TaskCode::stored(fields.get("codigo")?),
        title: fields.text("titulo")?,
        description: fields.maybe_text("descripcion")?,
        kind: fields.word("tipo")?,
        priority: fields.checked::<i64, _>("prioridad")?,
        state: fields.word("estado")?,
        scheduled_start: fields.time("inicio_programado")?,
        scheduled_end: fields.maybe_time("fin_programado")?,
        started_at: fields.maybe_time("inicio_real")?,
        finished_at: fields.maybe_time("fin_real")?,
        paused_total: TimeDelta::microseconds(fields.get("tiempo_pausado_us")?),
        paused_at: fields.maybe_time("pausado_en")?,
        duration_hours: fields.get("duracion_real_horas")?,
        delegate: UserId(fields.get("delegado_usuario_id")?),
        creator: UserId(fields.get("creado_por_usuario_id")?),
        location: fields.maybe_point("ubicacion_lat", "ubicacion_lon")?,
        location_description: fields.maybe_text("ubicacion_descripcion")?,
        officers: fields.json("efectivos")?,
        awaits_officer: fields.get("espera_efectivo")?,
        emergency: fields.get("emergencia")?,
        dispatch_from: fields.maybe_time("despacho_desde")?,
        notes: fields.json("notas")?,
        extra: fields.json("extra_data")?,
        created_at: fields.time("created_at")?,
        updated_at: fields.time("updated_at")?,
        deleted_at: fields.maybe_time("deleted_at")?,
        version: fields.get("version")?,
    })
}

/// Columns that [`bind`] writes, in its order.
macro_rules! written {
    () => {
        "codigo, titulo, descripcion, tipo, prioridad, inicio_programado, fin_programado, inicio_real, fin_real, \
         tiempo_pausado_us, pausado_en, estado, delegado_usuario_id, creado_por_usuario_id, ubicacion_lat, \
         ubicacion_lon, ubicacion_descripcion, duracion_real_horas, espera_efectivo, emergencia, despacho_desde, notas, \
         extra_data, busqueda, updated_at, deleted_at"
    };
}
pub(super) use written;

/// Binds the values of `written!`.
pub(super) fn bind<'q>(statement: Statement<'q>, task: &Task) -> Result<Statement<'q>> {
    Ok(statement
        .bind(task.code.as_str())
        .bind(task.title.as_str())
        .bind(task.description.as_ref().map(Text::as_str))
        .bind(task.kind.as_str())
        .bind(task.priority.number())
        .bind(micros(task.scheduled_start))
        .bind(task.scheduled_end.map(micros))
        .bind(task.started_at.map(micros))
        .bind(task.finished_at.map(micros))
        .bind(task.paused_total.num_microseconds())
        .bind(task.paused_at.map(micros))
        .bind(task.state.as_str())
        .bind(task.delegate.0)
        .bind(task.creator.0)
        .bind(task.location.map(Point::lat))
        .bind(task.location.map(Point::lng))
        .bind(task.location_description.as_ref().map(Text::as_str))
        .bind(task.duration_hours)
        .bind(task.awaits_officer)
        .bind(task.emergency)
        .bind(task.dispatch_from.map(micros))
        .bind(json(&task.notes)?)
        .bind(json(&task.extra)?)
        .bind(searched(task))
        .bind(micros(task.updated_at))
        .bind(task.deleted_at.map(micros)))
}

/// What a search looks through.
fn searched(task: &Task) -> String {
    let description = task.description.as_ref().map_or("", Text::as_str);
    let place = task.location_description.as_ref().map_or("", Text::as_str);
    searched_text(task.code.as_str(), task.title.as_str(), description, place)
}

/// The same of the texts of a row.
pub(crate) fn searched_text(code: &str, title: &str, description: &str, place: &str) -> String {
    search::index_text(&format!("{code} {title} {description} {place}"))
}
