//! `gad.tareas`, without priority, creator or place.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::TimeDelta;
use domain::{JsonObject, Priority, Task, TaskId, TaskKind, UserId};

use super::super::links::{self, Links};
use super::super::record::Stop;
use super::super::report::Outcome;
use super::super::row::{Problem, Row, shortened};
use super::super::tasks::{bring_with_officers, check_times, code};
use super::super::{Run, label};
use super::{made, uuid_of};

const TABLE: &str = "tareas";
const LINKS: &str = "tarea_asignaciones";

/// Brings the tasks in, and who is sent to them.
pub async fn import(run: &mut Run) -> Result<()> {
    let mut walk = run.walk(TABLE, "");
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
    let mut task = read(run, row)?;
    let sent = links.officers(task.id.0, &BTreeSet::new());
    bring_with_officers(run, row, &mut task, &BTreeSet::new(), &sent).await
}

fn read(run: &Run, row: &mut Row) -> Result<Task, Problem> {
    let scheduled_start = row.time("inicio_programado")?;
    let (started_at, finished_at) = (row.lenient_time("inicio_real"), row.lenient_time("fin_real"));
    // Nobody wrote down when; figures per period would all count the day of the import.
    let earliest = started_at.map_or(scheduled_start, |start| start.min(scheduled_start));
    let created_at = made(row, earliest.min(run.now))?;
    let delegate = UserId(row.int("delegado_usuario_id")?);
    let (kind, extra) = kind(row)?;
    let mut task = Task {
        id: TaskId(row.id),
        uuid: uuid_of(TABLE, row.id),
        code: code(row)?,
        title: row.checked("titulo")?,
        description: None,
        kind,
        priority: Priority::Medium,
        state: row.word("estado", label::state)?,
        scheduled_start,
        scheduled_end: None,
        started_at,
        finished_at,
        paused_total: TimeDelta::zero(),
        paused_at: None,
        duration_hours: None,
        delegate,
        creator: delegate,
        location: None,
        location_description: None,
        officers: Vec::new(),
        awaits_officer: false,
        emergency: false,
        dispatch_from: None,
        notes: JsonObject::new(),
        extra,
        created_at,
        updated_at: finished_at.or(started_at).unwrap_or(created_at),
        deleted_at: None,
        version: 1,
    };
    check_times(row, &mut task)?;
    Ok(task)
}

/// The kind that a free word means, and the word where it is not one of gad's own.
fn kind(row: &mut Row) -> Result<(TaskKind, JsonObject), Problem> {
    let word = row.text("tipo")?;
    let kind = label::free_kind(&word).unwrap_or(TaskKind::Intervention);
    if kind.as_str() == word.trim().to_lowercase() {
        return Ok((kind, JsonObject::new()));
    }
    row.note("tipo", format!("'{}' came in as {kind}; the word stands in extra_data.tipo_original", shortened(&word)));
    Ok((kind, JsonObject::from_iter([("tipo_original".to_owned(), word.into())])))
}
