//! `metricas_tareas`.

use std::collections::HashSet;

use anyhow::Result;
use domain::metrics::{Spread, TaskMetrics};
use domain::{Priority, TaskKind, Time};
use store::import::{Imported, RowPrint};

use super::record::Stop;
use super::report::Outcome;
use super::row::{Problem, Row};
use super::{Run, label, sync};

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
        for mut row in rows {
            let outcome = bring(run, &mut row, &mut pairs).await;
            run.settle(TABLE, row, outcome)?;
        }
        run.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row, pairs: &mut HashSet<(TaskKind, Priority)>) -> Result<Outcome, Stop> {
    let figures = read(row, run.now)?;
    // Declared as unique, and held so by no migration.
    if !pairs.insert((figures.kind, figures.priority)) {
        return Err(Problem::new("tipo_tarea", "another row has the same kind and priority").into());
    }
    let source = row.digest(&[], "");
    let imported = run.record.tx().await?.import().metrics(&figures).await?;
    if imported == Imported::Present {
        // Gad computes its figures again as tasks end: only those that it left alone follow the old ones.
        let stored = stored(run, &figures).await?;
        let before = run.record.tx().await?.import().print(TABLE, row.id).await?;
        if before.is_none_or(|before| before.source == source || before.own != stored) {
            return Ok(Outcome::Present);
        }
        run.record.tx().await?.metrics().put(&figures).await?;
    }
    let own = stored(run, &figures).await?;
    run.record.tx().await?.import().put_print(TABLE, row.id, &RowPrint { source, own }).await?;
    Ok(if imported == Imported::Added { Outcome::Added } else { Outcome::Changed })
}

/// A digest of the figures that the record has of this kind and priority.
async fn stored(run: &mut Run, figures: &TaskMetrics) -> Result<String, Stop> {
    let all = run.record.tx().await?.metrics().all().await?;
    let stored = all.iter().find(|row| (row.kind, row.priority) == (figures.kind, figures.priority));
    Ok(sync::digest([format!("{stored:?}").as_str()]))
}

fn read(row: &mut Row, now: Time) -> Result<TaskMetrics, Problem> {
    if row.maybe_text("deleted_at")?.is_some() {
        return Err(Problem::new("deleted_at", "was deleted"));
    }
    let spread = spread(row);
    Ok(TaskMetrics {
        kind: row.word("tipo_tarea", label::kind)?,
        priority: row.word("prioridad", label::priority)?,
        total: row.int("total_tareas")?,
        total_hours: row.lenient_number("total_horas").unwrap_or(0.0),
        success_rate: row.lenient_number("tasa_exito"),
        spread,
        updated_at: row.stamp("ultima_actualizacion", now)?,
    })
}

/// All of the distribution or nothing: half of one says nothing.
fn spread(row: &mut Row) -> Option<Spread> {
    const FIELDS: [&str; 6] =
        ["tiempo_promedio_horas", "duracion_p25", "duracion_p50", "duracion_p75", "duracion_min", "duracion_max"];
    let hours = FIELDS.map(|field| row.lenient_number(field));
    if let [Some(mean), Some(p25), Some(p50), Some(p75), Some(min), Some(max)] = hours {
        return Some(Spread { mean, p25, p50, p75, min, max });
    }
    if let Some(missing) = hours.iter().position(Option::is_none).filter(|_| hours.iter().any(Option::is_some)) {
        row.note(FIELDS[missing], "is missing, and others of the distribution are not: all of it taken for absent");
    }
    None
}
