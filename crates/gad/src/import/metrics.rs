//! `metricas_tareas`.

use std::collections::HashSet;

use anyhow::Result;
use domain::metrics::{Spread, TaskMetrics};
use domain::{Priority, TaskKind};
use store::import::Imported;

use super::record::Stop;
use super::row::{Problem, Row};
use super::{Run, label};

const TABLE: &str = "metricas_tareas";

/// Brings in the figures by kind and priority; the office reckons them anew as tasks end.
pub async fn import(run: &mut Run) -> Result<()> {
    if !run.found.has(TABLE) {
        return Ok(());
    }
    let mut pairs = HashSet::new();
    let mut walk = run.walk(TABLE, "");
    loop {
        let rows = run.source.next(&mut walk).await?;
        if rows.is_empty() {
            return run.end_table(TABLE).await;
        }
        for row in rows {
            let outcome = bring(run, &row, &mut pairs).await;
            run.settle(TABLE, row, outcome)?;
        }
        run.record.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &Row, pairs: &mut HashSet<(TaskKind, Priority)>) -> Result<Imported, Stop> {
    let figures = read(row)?;
    // Declared as unique, and held so by no migration.
    if !pairs.insert((figures.kind, figures.priority)) {
        return Err(Problem::new("tipo_tarea", "another row has the same kind and priority").into());
    }
    Ok(run.record.tx().await?.import().metrics(&figures).await?)
}

fn read(row: &Row) -> Result<TaskMetrics, Problem> {
    if row.maybe_time("deleted_at")?.is_some() {
        return Err(Problem::new("deleted_at", "was deleted"));
    }
    Ok(TaskMetrics {
        kind: row.word("tipo_tarea", label::kind)?,
        priority: row.word("prioridad", label::priority)?,
        total: row.int("total_tareas")?,
        total_hours: row.number("total_horas")?,
        success_rate: row.maybe_number("tasa_exito")?,
        spread: spread(row)?,
        updated_at: row.time("ultima_actualizacion")?,
    })
}

/// All of the distribution or nothing: half of one says nothing.
fn spread(row: &Row) -> Result<Option<Spread>, Problem> {
    const FIELDS: [&str; 6] =
        ["tiempo_promedio_horas", "duracion_p25", "duracion_p50", "duracion_p75", "duracion_min", "duracion_max"];
    let mut hours = [0.0; FIELDS.len()];
    let mut missing = Vec::new();
    for (hours, field) in hours.iter_mut().zip(FIELDS) {
        match row.maybe_number(field)? {
            Some(number) => *hours = number,
            None => missing.push(field),
        }
    }
    match missing.first() {
        None => {
            let [mean, p25, p50, p75, min, max] = hours;
            Ok(Some(Spread { mean, p25, p50, p75, min, max }))
        }
        Some(_) if missing.len() == FIELDS.len() => Ok(None),
        Some(field) => Err(Problem::new(field, "is missing, and others of the distribution are not")),
    }
}
