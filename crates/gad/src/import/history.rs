//! `historial_estados`.

use anyhow::Result;
use domain::history::HistoryEntry;
use domain::{TaskId, UserId};
use store::import::Imported;

use super::record::Stop;
use super::report::Outcome;
use super::row::{Problem, Row};
use super::{Run, label};

const TABLE: &str = "historial_estados";

/// Brings in the states that tasks went through.
pub async fn import(run: &mut Run) -> Result<()> {
    if !run.found.has(TABLE) {
        return Ok(());
    }
    let mut walk = run.walk(TABLE, "");
    loop {
        let rows = run.source.next(&mut walk).await?;
        if rows.is_empty() {
            return run.end_table(TABLE).await;
        }
        for mut row in rows {
            let outcome = bring(run, &mut row).await;
            run.settle(TABLE, row, outcome)?;
        }
        run.end_batch().await?;
    }
}

async fn bring(run: &mut Run, row: &mut Row) -> Result<Outcome, Stop> {
    if row.maybe_time("deleted_at")?.is_some() {
        return Err(Problem::new("deleted_at", "was deleted: a history has no deleted lines").into());
    }
    let task = row.int("tarea_id")?;
    run.known.check_task("tarea_id", task)?;
    let by = row.maybe_int("usuario_id")?;
    if let Some(user) = by {
        run.known.check_user("usuario_id", user)?;
    }
    if !row.lenient_object("extra_data").is_empty() {
        row.note("extra_data", "not carried: a line of history has no free data");
    }
    // The same in every run, so that a later one knows the line again.
    let otherwise = row.maybe_time("updated_at").ok().flatten().unwrap_or_default();
    let entry = HistoryEntry {
        task: TaskId(task),
        from: row.maybe_word("estado_anterior", label::state)?,
        to: row.word("estado_nuevo", label::state)?,
        by: by.map(UserId),
        on_behalf_of: None,
        reason: row.maybe_text("motivo")?,
        at: row.stamp("created_at", otherwise)?,
    };
    let imported = run.record.tx().await?.import().history(row.id, &entry).await?;
    // A line has no uuid: the same one is told by all that it says.
    if imported == Imported::Present && !run.record.tx().await?.history().of_task(entry.task).await?.contains(&entry) {
        return Err(Problem::new("id", "another row of the record has this number").into());
    }
    Ok(imported.into())
}
