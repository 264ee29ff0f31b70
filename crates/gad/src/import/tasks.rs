//! `tareas` of the large shapes, with the officers of both places where they stood.

use anyhow::Result;
use chrono::TimeDelta;
use domain::task::hours;
use domain::{Point, Task, TaskCode, TaskId, TaskState, UserId};
use store::import::{Imported, Numbered};

use super::links::{self, Links};
use super::record::Stop;
use super::row::{Problem, Row};
use super::{Run, label};

const TABLE: &str = "tareas";
const LINKS: &str = "tarea_efectivos";

/// An interval as microseconds, with a day of 24 hours; and the months in it, which have no
/// length of their own.
const PAUSE: &str = ", (extract(epoch FROM t.tiempo_pausado) * 1000000)::int8 AS tiempo_pausado_us, \
    (extract(year FROM t.tiempo_pausado) * 12 + extract(month FROM t.tiempo_pausado))::int8 AS tiempo_pausado_meses";

/// Brings the tasks in, and who is sent to them.
pub async fn import(run: &mut Run) -> Result<()> {
    let pause = if run.found.has_column(TABLE, "tiempo_pausado") { PAUSE } else { "" };
    let mut walk = run.walk(TABLE, pause);
    loop {
        let rows = run.source.next(&mut walk).await?;
        if rows.is_empty() {
            run.end_table(TABLE).await?;
            return links::loose(run, LINKS).await;
        }
        let links = links::of(run, LINKS, &rows).await?;
        for mut row in rows {
            let outcome = bring(run, &mut row, &links).await;
            links.settle(run, row.id, &outcome);
            run.settle(TABLE, row, outcome)?;
        }
        run.record.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row, links: &Links) -> Result<Imported, Stop> {
    let mut task = read(row)?;
    for (field, user) in [("delegado_usuario_id", task.delegate), ("creado_por_usuario_id", task.creator)] {
        run.known.check_user(field, user.0)?;
    }
    let (sent, unknown) = run.known.officers_among(row.ints("efectivos_asignados")?);
    for officer in unknown {
        row.note("efectivos_asignados", format!("the record has no officer {officer}: left off the task"));
    }
    task.officers = links.officers(&run.known, task.id.0, sent);
    bring_with_officers(run, &task).await
}

/// Writes a task whose officers are known.
pub async fn bring_with_officers(run: &mut Run, task: &Task) -> Result<Imported, Stop> {
    if let Some((officer, other)) = run.known.taken_among(task) {
        let reason = format!("officer {officer} is on the task {other} in course: one active task an officer");
        let there = run.record.uuid_of(Numbered::Task, task.id.0).await?;
        if there == Some(task.uuid) {
            return Ok(run.known.task(task, Imported::Present));
        }
        return Err(Problem::new("efectivos_asignados", reason).into());
    }
    let imported = run.record.task(task).await?;
    Ok(run.known.task(task, imported))
}

fn read(row: &mut Row) -> Result<Task, Problem> {
    let extra = match row.maybe_object("extra_data")? {
        Some(extra) => extra,
        // The schema written by hand calls it metadata.
        None => row.object("metadata")?,
    };
    let mut task = Task {
        id: TaskId(row.id),
        uuid: row.uuid("uuid")?,
        code: code(row)?,
        title: row.checked("titulo")?,
        description: row.maybe_checked("descripcion")?,
        kind: row.word("tipo", label::kind)?,
        priority: row.word("prioridad", label::priority)?,
        state: row.word("estado", label::state)?,
        scheduled_start: row.time("inicio_programado")?,
        scheduled_end: row.maybe_time("fin_programado")?,
        started_at: row.maybe_time("inicio_real")?,
        finished_at: row.maybe_time("fin_real")?,
        paused_total: paused(row)?,
        paused_at: row.maybe_time("pausado_en")?,
        duration_hours: row.maybe_number("duracion_real_horas")?,
        delegate: UserId(row.int("delegado_usuario_id")?),
        creator: UserId(row.int("creado_por_usuario_id")?),
        location: place(row)?,
        location_description: row.maybe_checked("ubicacion_descripcion")?,
        officers: Vec::new(),
        awaits_officer: false,
        emergency: false,
        dispatch_from: None,
        notes: row.object("notas")?,
        extra,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        deleted_at: row.maybe_time("deleted_at")?,
        version: 1,
    };
    check_times(row, &mut task)?;
    Ok(task)
}

/// A stored code, which may be one that could not be made today.
pub fn code(row: &mut Row) -> Result<TaskCode, Problem> {
    let code = row.text("codigo")?;
    let length = code.chars().count();
    if !(1..=50).contains(&length) || code.trim().is_empty() {
        return Err(Problem::new("codigo", format!("must have 1 to 50 characters, has {length}")));
    }
    if TaskCode::try_from(code.clone()).map_or(true, |new| new.as_str() != code) {
        row.note("codigo", "kept, but no longer a code that can be typed everywhere: A to Z, 0 to 9, _ and -, 3 to 20");
    }
    Ok(TaskCode::stored(code))
}

fn paused(row: &Row) -> Result<TimeDelta, Problem> {
    if row.maybe_int("tiempo_pausado_meses")?.unwrap_or(0) != 0 {
        return Err(Problem::new("tiempo_pausado", "holds months, which have no length of their own"));
    }
    let micros = row.maybe_int("tiempo_pausado_us")?.unwrap_or(0);
    if micros < 0 {
        return Err(Problem::new("tiempo_pausado", "is negative"));
    }
    Ok(TimeDelta::microseconds(micros))
}

fn place(row: &Row) -> Result<Option<Point>, Problem> {
    match (row.maybe_number("ubicacion_lat")?, row.maybe_number("ubicacion_lon")?) {
        (None, None) => Ok(None),
        (Some(lat), Some(lng)) => {
            let field = |wrong: &str| if wrong == "lat" { "ubicacion_lat" } else { "ubicacion_lon" };
            let point = Point::new(lat, lng).map_err(|error| Problem::new(field(error.field), error.to_string()))?;
            Ok(Some(point))
        }
        (None, Some(_)) => Err(Problem::new("ubicacion_lat", "is missing, and ubicacion_lon is not")),
        (Some(_), None) => Err(Problem::new("ubicacion_lon", "is missing, and ubicacion_lat is not")),
    }
}

/// Holds the times to the rules of the tables, and fills the duration, which was declared as
/// reckoned and never was. Times that merely do not fit the state are noted: any PUT could set a
/// state, and no time was stamped with it.
pub fn check_times(row: &mut Row, task: &mut Task) -> Result<(), Problem> {
    if task.scheduled_end.is_some_and(|end| end <= task.scheduled_start) {
        return Err(Problem::new("fin_programado", "is not after inicio_programado"));
    }
    match (task.started_at, task.finished_at) {
        (None, Some(_)) => return Err(Problem::new("fin_real", "is an end without inicio_real")),
        (Some(start), Some(end)) if end < start => return Err(Problem::new("fin_real", "is before inicio_real")),
        (Some(start), Some(end)) if task.paused_total > end - start => {
            return Err(Problem::new("tiempo_pausado", "is longer than the task took"));
        }
        (Some(start), Some(end)) if task.state == TaskState::Finished && task.duration_hours.is_none() => {
            task.duration_hours = Some(hours(end - start - task.paused_total));
        }
        _ => {}
    }
    if task.duration_hours.is_some_and(|hours| hours < 0.0) {
        return Err(Problem::new("duracion_real_horas", "is negative"));
    }
    if !task.is_legal() {
        row.note("estado", format!("is {}, and the times are not those of such a task: kept as they are", task.state));
    }
    Ok(())
}
