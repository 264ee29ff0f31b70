//! `historial_estados`.

use async_trait::async_trait;
use domain::history::HistoryEntry;
use domain::{TaskId, TaskState, UserId};
use sqlx::sqlite::SqliteRow;
use store::history::HistoryRepo;
use store::{Error, Result, Rule};

use crate::row::{Fields, micros};
use crate::tx::SqliteTx;

fn entry(row: &SqliteRow) -> Result<HistoryEntry> {
    let fields = Fields::of("historial_estados", row);
    Ok(HistoryEntry {
        task: TaskId(fields.get("tarea_id")?),
        from: fields.maybe_word("estado_anterior")?,
        to: fields.word("estado_nuevo")?,
        by: fields.get::<Option<i64>>("usuario_id")?.map(UserId),
        on_behalf_of: fields.get::<Option<i64>>("en_nombre_de")?.map(UserId),
        reason: fields.get("motivo")?,
        at: fields.time("created_at")?,
    })
}

impl SqliteTx {
    /// Adds a line under `id`, or under the next number.
    pub(crate) async fn insert_history(&mut self, id: Option<i64>, entry: &HistoryEntry) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO historial_estados \
             (id, tarea_id, estado_anterior, estado_nuevo, usuario_id, en_nombre_de, motivo, created_at, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id)
        .bind(entry.task.0)
        .bind(entry.from.map(TaskState::as_str))
        .bind(entry.to.as_str())
        .bind(entry.by.map(|user| user.0))
        .bind(entry.on_behalf_of.map(|user| user.0))
        .bind(entry.reason.as_deref())
        .bind(micros(entry.at))
        .bind(micros(entry.at));
        match self.run_naming(statement, Rule::UnknownTask).await {
            Ok(_) => Ok(()),
            // SQLite does not tell which of the two is missing.
            Err(Error::Conflict(Rule::UnknownTask)) => {
                let task = sqlx::query("SELECT 1 FROM tareas WHERE id = ?").bind(entry.task.0);
                let known = self.first(task).await?.is_some();
                Err(Error::Conflict(if known { Rule::UnknownUser } else { Rule::UnknownTask }))
            }
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl HistoryRepo for SqliteTx {
    async fn push(&mut self, entry: &HistoryEntry) -> Result<()> {
        self.insert_history(None, entry).await
    }

    async fn of_task(&mut self, task: TaskId) -> Result<Vec<HistoryEntry>> {
        let statement = sqlx::query(
            "SELECT tarea_id, estado_anterior, estado_nuevo, usuario_id, en_nombre_de, motivo, created_at \
             FROM historial_estados WHERE tarea_id = ? AND deleted_at IS NULL ORDER BY id",
        );
        self.rows(statement.bind(task.0)).await?.iter().map(entry).collect()
    }
}
