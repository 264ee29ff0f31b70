//! Rows from another system, which keep the numbers they had there.

use async_trait::async_trait;
use domain::history::HistoryEntry;
use domain::metrics::TaskMetrics;
use domain::{AuditLine, Officer, OfficerId, Task, TaskId, User, UserId};
use sqlx::sqlite::SqliteRow;
use store::Result;
use store::import::{ImportRepo, Imported, RESERVED_NUMBERS, RowPrint, is_ended, replaced_officers};
use store::metrics::MetricsRepo;
use store::officer::OfficerRepo;
use store::task::TaskRepo;
use store::user::UserRepo;

use crate::row::Fields;
use crate::task::row::task_columns;
use crate::tx::{SqliteTx, Statement};
use crate::{officer, task, user};

impl SqliteTx {
    async fn has(&mut self, statement: Statement<'_>) -> Result<bool> {
        Ok(self.first(statement).await?.is_some())
    }

    async fn task_with_officers(&mut self, task: &Task) -> Result<()> {
        self.insert_task(Some(task.id), task).await?;
        self.assign(task.id, &task.officers, None, task.created_at).await?;
        self.end_assignments(task).await
    }

    async fn replace_task_row(&mut self, before: &Task, task: &Task) -> Result<()> {
        self.unassign(task.id, &replaced_officers(before, task)).await?;
        TaskRepo::save(self, task).await?;
        self.assign(task.id, &task.officers, None, task.updated_at).await?;
        self.end_assignments(task).await
    }

    /// Ends the open assignments of a task that is over.
    async fn end_assignments(&mut self, task: &Task) -> Result<()> {
        const SQL: &str = "UPDATE asignaciones SET estado = 'liberada' \
            WHERE tarea_id = ? AND estado NOT IN ('liberada', 'rechazada', 'relevada')";
        if is_ended(task) {
            self.run(sqlx::query(SQL).bind(task.id.0)).await?;
        }
        Ok(())
    }

    /// Ends the savepoint of a task, and undoes what a failed one did.
    async fn end_row<T: Send>(&mut self, outcome: Result<T>) -> Result<T> {
        match outcome {
            Ok(value) => {
                self.run(sqlx::query("RELEASE tarea")).await?;
                Ok(value)
            }
            Err(error) if self.is_sound() => {
                self.run(sqlx::query("ROLLBACK TO tarea")).await?;
                self.run(sqlx::query("RELEASE tarea")).await?;
                Err(error)
            }
            // The transaction is lost as a whole.
            Err(error) => Err(error),
        }
    }
}

// A conflict undoes only the statement that broke the rule, so a row of one statement needs no
// savepoint in SQLite.
#[async_trait]
impl ImportRepo for SqliteTx {
    async fn user(&mut self, user: &User, password_hash: Option<&str>) -> Result<Imported> {
        if self.has(sqlx::query("SELECT 1 FROM usuarios WHERE id = ?").bind(user.id.0)).await? {
            return Ok(Imported::Present);
        }
        self.insert_user(Some(user.id), user, password_hash).await?;
        Ok(Imported::Added)
    }

    async fn officer(&mut self, officer: &Officer) -> Result<Imported> {
        if self.has(sqlx::query("SELECT 1 FROM efectivos WHERE id = ?").bind(officer.id.0)).await? {
            return Ok(Imported::Present);
        }
        self.insert_officer(officer).await?;
        Ok(Imported::Added)
    }

    async fn task(&mut self, task: &Task) -> Result<Imported> {
        if self.has(sqlx::query("SELECT 1 FROM tareas WHERE id = ?").bind(task.id.0)).await? {
            return Ok(Imported::Present);
        }
        self.run(sqlx::query("SAVEPOINT tarea")).await?;
        let outcome = self.task_with_officers(task).await;
        self.end_row(outcome).await?;
        Ok(Imported::Added)
    }

    async fn history(&mut self, id: i64, entry: &HistoryEntry) -> Result<Imported> {
        if self.has(sqlx::query("SELECT 1 FROM historial_estados WHERE id = ?").bind(id)).await? {
            return Ok(Imported::Present);
        }
        self.insert_history(Some(id), entry).await?;
        Ok(Imported::Added)
    }

    async fn metrics(&mut self, row: &TaskMetrics) -> Result<Imported> {
        let there = sqlx::query("SELECT 1 FROM metricas_tareas WHERE tipo_tarea = ? AND prioridad = ?");
        if self.has(there.bind(row.kind.as_str()).bind(row.priority.number())).await? {
            return Ok(Imported::Present);
        }
        self.put(row).await?;
        Ok(Imported::Added)
    }

    async fn audit(&mut self, line: &AuditLine) -> Result<Imported> {
        if self.has(sqlx::query("SELECT 1 FROM audit_logs WHERE event_id = ?").bind(line.event_id)).await? {
            return Ok(Imported::Present);
        }
        self.insert_audit(line).await?;
        Ok(Imported::Added)
    }

    async fn stored_user(&mut self, id: UserId) -> Result<Option<User>> {
        self.first(sqlx::query(user::ANY).bind(id.0)).await?.as_ref().map(user::user).transpose()
    }

    async fn stored_officer(&mut self, id: OfficerId) -> Result<Option<Officer>> {
        self.first(sqlx::query(officer::ANY).bind(id.0)).await?.as_ref().map(officer::officer).transpose()
    }

    async fn stored_task(&mut self, id: TaskId) -> Result<Option<Task>> {
        const SQL: &str = concat!("SELECT ", task_columns!(), " FROM tareas t WHERE t.id = ?");
        self.first(sqlx::query(SQL).bind(id.0)).await?.as_ref().map(task::row::task).transpose()
    }

    async fn replace_user(&mut self, user: &User) -> Result<()> {
        UserRepo::save(self, user).await.map(|_| ())
    }

    async fn replace_officer(&mut self, officer: &Officer) -> Result<()> {
        OfficerRepo::save(self, officer).await.map(|_| ())
    }

    async fn replace_task(&mut self, before: &Task, task: &Task) -> Result<()> {
        self.run(sqlx::query("SAVEPOINT tarea")).await?;
        let outcome = self.replace_task_row(before, task).await;
        self.end_row(outcome).await
    }

    async fn print(&mut self, table: &str, id: i64) -> Result<Option<RowPrint>> {
        let sql = "SELECT origen, propia FROM importaciones WHERE tabla = ? AND id = ?";
        let row = self.first(sqlx::query(sql).bind(table.to_owned()).bind(id)).await?;
        let read = |row: &SqliteRow| {
            let fields = Fields::of("importaciones", row);
            Ok(RowPrint { source: fields.get("origen")?, own: fields.get("propia")? })
        };
        row.as_ref().map(read).transpose()
    }

    async fn put_print(&mut self, table: &str, id: i64, print: &RowPrint) -> Result<()> {
        let sql = "INSERT INTO importaciones (tabla, id, origen, propia) VALUES (?, ?, ?, ?) \
                   ON CONFLICT (tabla, id) DO UPDATE SET origen = excluded.origen, propia = excluded.propia";
        let statement = sqlx::query(sql).bind(table.to_owned()).bind(id).bind(print.source.clone());
        self.run(statement.bind(print.own.clone())).await?;
        Ok(())
    }

    async fn printed(&mut self, table: &str) -> Result<Vec<i64>> {
        let sql = "SELECT id FROM importaciones WHERE tabla = ? ORDER BY id";
        let rows = self.rows(sqlx::query(sql).bind(table.to_owned())).await?;
        rows.iter().map(|row| Fields::of("importaciones", row).get("id")).collect()
    }

    async fn drop_print(&mut self, table: &str, id: i64) -> Result<()> {
        let sql = "DELETE FROM importaciones WHERE tabla = ? AND id = ?";
        self.run(sqlx::query(sql).bind(table.to_owned()).bind(id)).await?;
        Ok(())
    }

    // AUTOINCREMENT takes note of every number as it is used.
    async fn finish(&mut self) -> Result<()> {
        Ok(())
    }

    async fn reserve(&mut self, highest: &[(&'static str, i64)]) -> Result<()> {
        // Only where less than half of the reserve is left, so that a second import does not move it.
        let moved = "UPDATE sqlite_sequence SET seq = ?2 WHERE name = ?1 AND seq < ?3";
        let added = "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2 \
                     WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)";
        for (table, highest) in highest {
            let (to, least) = (highest + RESERVED_NUMBERS, highest + RESERVED_NUMBERS / 2);
            self.run(sqlx::query(moved).bind(*table).bind(to).bind(least)).await?;
            self.run(sqlx::query(added).bind(*table).bind(to)).await?;
        }
        Ok(())
    }
}
