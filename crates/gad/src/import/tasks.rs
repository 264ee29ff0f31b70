//! `tareas` of the large shapes, with the officers of both places where they stood.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::TimeDelta;
use domain::task::hours;
use domain::{Level, Point, Task, TaskCode, TaskId, TaskState, Time, UserId};

use super::links::{self, Links};
use super::record::Stop;
use super::report::Outcome;
use super::row::{Problem, Row};
use super::users::{extra, stamps};
use super::{Run, label};

const TABLE: &str = "tareas";
const LINKS: &str = "tarea_efectivos";

/// An interval as microseconds, with a day of 24 hours and a month of 30 days, where it is shorter than
/// some 28,000 years; and whether it holds months.
const PAUSE: &str = ", CASE WHEN isfinite(t.tiempo_pausado) AND abs(extract(epoch FROM t.tiempo_pausado)) < 9e11 \
    THEN (extract(epoch FROM t.tiempo_pausado) * 1000000)::int8 END AS tiempo_pausado_us, \
    CASE WHEN isfinite(t.tiempo_pausado) THEN extract(year FROM t.tiempo_pausado) <> 0 \
    OR extract(month FROM t.tiempo_pausado) <> 0 END AS tiempo_pausado_meses";

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
            links.settle(run, TABLE, row.id, &outcome);
            run.settle(TABLE, row, outcome)?;
        }
        run.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row, links: &Links) -> Result<Outcome, Stop> {
    let mut task = read(row, run.now)?;
    run.known.check_user("delegado_usuario_id", task.delegate.0)?;
    run.known.check_user("creado_por_usuario_id", task.creator.0)?;
    let own: BTreeSet<i64> = row.ints("efectivos_asignados")?.into_iter().collect();
    let sent = links.officers(task.id.0, &own);
    bring_with_officers(run, row, &mut task, &own, &sent).await
}

/// Writes a task with those of its officers who can be on it, and with a delegate who is there. `own` are
/// the officers of `sent` that the row itself names.
pub async fn bring_with_officers(
    run: &mut Run,
    row: &mut Row,
    task: &mut Task,
    own: &BTreeSet<i64>,
    sent: &BTreeSet<i64>,
) -> Result<Outcome, Stop> {
    let is_open = !task.state.is_final() && task.deleted_at.is_none();
    let delegate = run.known.check_user("delegado_usuario_id", task.delegate.0)?;
    if is_open && delegate.deleted_at.is_some() {
        replace_delegate(run, row, task);
    }
    let (officers, notes) = run.known.officers_for("efectivos_asignados", own, sent, is_open);
    task.officers = officers;
    row.notes.extend(notes);
    let people = format!("{} {:?}", task.delegate, task.officers);
    let source = row.digest(&["updated_at", "tiempo_pausado_us", "tiempo_pausado_meses"], &people);
    run.write_task(task, source).await
}

/// Gives a task that has not ended, and whose delegate is deleted, to the creator or another supervisor.
fn replace_delegate(run: &Run, row: &mut Row, task: &mut Task) {
    let was = task.delegate;
    let creator = run.known.user(task.creator.0).filter(|user| user.is_active && user.level >= Level::Supervisor);
    let next = creator.map(|_| task.creator).or_else(|| run.known.active_supervisor().map(UserId));
    let reason = match next {
        Some(next) => {
            task.delegate = next;
            format!("user {was} is deleted and the task has not ended: user {next} answers for it")
        }
        None => format!("user {was} is deleted and the task has not ended: no active supervisor to answer for it"),
    };
    row.note("delegado_usuario_id", reason);
}

fn read(row: &mut Row, now: Time) -> Result<Task, Problem> {
    let extra = extra(row);
    let (created_at, updated_at) = stamps(row, now)?;
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
        scheduled_end: row.lenient_time("fin_programado"),
        started_at: row.lenient_time("inicio_real"),
        finished_at: row.lenient_time("fin_real"),
        paused_total: paused(row)?,
        paused_at: row.lenient_time("pausado_en"),
        duration_hours: row.lenient_number("duracion_real_horas"),
        delegate: UserId(row.int("delegado_usuario_id")?),
        creator: UserId(row.int("creado_por_usuario_id")?),
        location: place(row),
        location_description: row.maybe_checked("ubicacion_descripcion")?,
        officers: Vec::new(),
        awaits_officer: false,
        emergency: false,
        dispatch_from: None,
        notes: row.lenient_object("notas"),
        extra,
        created_at,
        updated_at,
        deleted_at: row.deleted_at(updated_at)?,
        version: 1,
    };
    check_times(row, &mut task)?;
    Ok(task)
}

/// A stored code, which may be one that could not be made today.
pub fn code(row: &mut Row) -> Result<TaskCode, Problem> {
    let code = row.text("codigo")?;
    if TaskCode::try_from(code.clone()).map_or(true, |new| new.as_str() != code) {
        row.note("codigo", "kept, but no longer a code that can be typed everywhere: A to Z, 0 to 9, _ and -, 3 to 20");
    }
    Ok(TaskCode::stored(code))
}

fn paused(row: &mut Row) -> Result<TimeDelta, Problem> {
    const FIELD: &str = "tiempo_pausado";
    let micros = match (row.maybe_int("tiempo_pausado_us")?, row.maybe_text(FIELD)?) {
        (None, Some(_)) => {
            row.note(FIELD, "is longer than any task; taken for none");
            0
        }
        (Some(micros), _) if micros < 0 => {
            row.note(FIELD, "is negative; taken for none");
            0
        }
        (micros, _) => micros.unwrap_or(0),
    };
    if row.maybe_flag("tiempo_pausado_meses")? == Some(true) {
        row.note(FIELD, "holds months, counted as 30 days each");
    }
    Ok(TimeDelta::microseconds(micros))
}

fn place(row: &mut Row) -> Option<Point> {
    let (lat, lng) = (row.lenient_number("ubicacion_lat"), row.lenient_number("ubicacion_lon"));
    match (lat, lng) {
        (None, None) => None,
        (Some(lat), Some(lng)) => match Point::new(lat, lng) {
            Ok(point) => Some(point),
            Err(error) => {
                let field = if error.field == "lat" { "ubicacion_lat" } else { "ubicacion_lon" };
                row.note(field, format!("{error}: the place is dropped"));
                None
            }
        },
        (lat, _) => {
            let (there, missing) =
                if lat.is_some() { ("ubicacion_lat", "ubicacion_lon") } else { ("ubicacion_lon", "ubicacion_lat") };
            row.note(missing, format!("is missing, and {there} is not: the place is dropped"));
            None
        }
    }
}

/// Holds the times to the rules of the tables, gives a task that has not ended the times of its state, and
/// fills the duration, which was declared as computed and never was. Times of an ended task that merely
/// do not fit the state are noted: any PUT could set a state, and no time was stamped with it.
pub fn check_times(row: &mut Row, task: &mut Task) -> Result<(), Problem> {
    if task.scheduled_end.is_some_and(|end| end <= task.scheduled_start) {
        return Err(Problem::new("fin_programado", "is not after inicio_programado (chk_tareas_fechas)"));
    }
    if task.deleted_at.is_none() {
        settle_open_times(row, task);
    }
    if task.duration_hours.is_some_and(|hours| hours < 0.0) {
        row.note("duracion_real_horas", "is negative; taken for absent");
        task.duration_hours = None;
    }
    match (task.started_at, task.finished_at) {
        (None, Some(_)) => {
            return Err(Problem::new("fin_real", "is an end without inicio_real (chk_tareas_fechas_reales)"));
        }
        (Some(start), Some(end)) if end < start => {
            return Err(Problem::new("fin_real", "is before inicio_real (chk_tareas_fechas_reales)"));
        }
        (Some(start), Some(end)) => {
            if task.paused_total > end - start {
                row.note("tiempo_pausado", "is longer than the task took; kept as it is");
            }
            if task.state == TaskState::Finished && task.duration_hours.is_none() {
                task.duration_hours = Some(hours((end - start - task.paused_total).max(TimeDelta::zero())));
            }
        }
        _ => {}
    }
    if !task.is_legal() {
        row.note("estado", format!("is {}, and the times are not those of such a task: kept as they are", task.state));
    }
    Ok(())
}

/// Gives a task that has not ended the times that its state has, so that it can go on.
fn settle_open_times(row: &mut Row, task: &mut Task) {
    if task.state.is_final() {
        return;
    }
    let (state, last_change) = (task.state, task.updated_at);
    let mut settle = |field: &'static str, time: &mut Option<Time>, wanted: Option<Time>| {
        if time.is_some() != wanted.is_some() {
            let what = if wanted.is_some() { "is missing: the last change of the task taken" } else { "dropped" };
            row.note(field, format!("the task is {state}: {what}"));
            *time = wanted;
        }
    };
    let has_begun = state != TaskState::Scheduled;
    settle("fin_real", &mut task.finished_at, None);
    let begun = task.started_at.unwrap_or(last_change);
    settle("inicio_real", &mut task.started_at, has_begun.then_some(begun));
    let paused = task.paused_at.unwrap_or(last_change.max(begun));
    settle("pausado_en", &mut task.paused_at, (state == TaskState::Paused).then_some(paused));
}
