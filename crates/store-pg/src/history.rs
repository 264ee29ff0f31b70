//! `historial_estados`.

use async_trait::async_trait;
use domain::history::HistoryEntry;
use domain::{TaskId, TaskState, UserId};
use sqlx::postgres::PgRow;
use store::Result;
use store::history::HistoryRepo;

use crate::row::Fields;
use crate::statement::{Statement, sql};
use crate::tx::PgTx;

fn entry(row: &PgRow) -> Result<HistoryEntry> {
    let fields = Fields::of("historial_estados", row);
    Ok(HistoryEntry {
        task: TaskId(fields.get("tarea_id")?),
        from: fields.maybe_word("estado_anterior")?,
        to: fields.word("estado_nuevo")?,
        by: fields.get::<Option<i64>>("usuario_id")?.map(UserId),
        on_behalf_of: fields.get::<Option<i64>>("en_nombre_de")?.map(UserId),
        reason: fields.get("motivo")?,
        at: fields.get("created_at")?,
    })
}

fn fields(statement: Statement, entry: &HistoryEntry) -> Statement {
    statement
        .bind(entry.task.0)
        .bind(entry.from.map(TaskState::as_str))
        .bind(entry.to.as_str())
        .bind(entry.by.map(|user| user.0))
        .bind(entry.on_behalf_of.map(|user| user.0))
        .bind(entry.reason.clone())
        .bind(entry.at)
}

/// Adds a line under its number, unless that is taken.
pub(crate) fn import(id: i64, entry: &HistoryEntry) -> Statement {
    const SQL: &str = "INSERT INTO historial_estados (id, tarea_id, estado_anterior, estado_nuevo, usuario_id, \
        en_nombre_de, motivo, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (id) DO NOTHING";
    fields(sql(SQL).bind(id), entry)
}

#[async_trait]
impl HistoryRepo for PgTx {
    async fn push(&mut self, entry: &HistoryEntry) -> Result<()> {
        const SQL: &str = "INSERT INTO historial_estados (tarea_id, estado_anterior, estado_nuevo, usuario_id, \
            en_nombre_de, motivo, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
        self.change(fields(sql(SQL), entry)).await?;
        Ok(())
    }

    async fn of_task(&mut self, task: TaskId) -> Result<Vec<HistoryEntry>> {
        const SQL: &str = "SELECT tarea_id, estado_anterior, estado_nuevo, usuario_id, en_nombre_de, motivo, created_at \
            FROM historial_estados WHERE tarea_id = $1 AND deleted_at IS NULL ORDER BY id";
        self.all(sql(SQL).bind(task.0)).await?.iter().map(entry).collect()
    }
}
