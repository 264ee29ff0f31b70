//! Rows from another system, each under a savepoint.

use async_trait::async_trait;
use domain::history::HistoryEntry;
use domain::metrics::TaskMetrics;
use domain::{AuditLine, Officer, OfficerId, Task, TaskId, User, UserId};
use sqlx::postgres::PgRow;
use store::Result;
use store::import::{ImportRepo, Imported, NUMBERED_TABLES, RESERVED_NUMBERS, RowPrint, is_ended, replaced_officers};
use store::officer::OfficerRepo;
use store::task::TaskRepo;
use store::user::UserRepo;

use crate::row::Fields;
use crate::statement::{Statement, composed, sql};
use crate::tx::PgTx;
use crate::{audit, history, metrics, officer, task, user};

impl PgTx {
    /// Sends statements that stand or fall together. The later ones are not sent when the first
    /// adds nothing.
    async fn add(&mut self, statements: impl IntoIterator<Item = Statement> + Send) -> Result<Imported> {
        let statements: Vec<Statement> = statements.into_iter().collect();
        self.say("SAVEPOINT fila").await?;
        let outcome = self.add_all(statements).await;
        self.end_row(outcome).await
    }

    async fn add_all(&mut self, statements: Vec<Statement>) -> Result<Imported> {
        for (place, statement) in statements.into_iter().enumerate() {
            if self.change(statement).await? == 0 && place == 0 {
                return Ok(Imported::Present);
            }
        }
        Ok(Imported::Added)
    }

    /// Ends the savepoint of a row, and undoes what a failed one did.
    async fn end_row<T: Send>(&mut self, outcome: Result<T>) -> Result<T> {
        if outcome.is_err() {
            self.say("ROLLBACK TO SAVEPOINT fila").await?;
            self.mended();
        }
        self.say("RELEASE SAVEPOINT fila").await?;
        outcome
    }

    async fn replace_task_row(&mut self, before: &Task, task: &Task) -> Result<()> {
        let left = replaced_officers(before, task);
        self.unassign_officers(task.id, &left).await?;
        TaskRepo::save(self, task).await?;
        self.assign_officers(task.id, &task.officers, None, task.updated_at).await?;
        if is_ended(task) {
            self.change(end_assignments(task.id)).await?;
        }
        Ok(())
    }
}

/// Ends the open assignments of a task.
fn end_assignments(task: TaskId) -> Statement {
    const SQL: &str = "UPDATE asignaciones SET estado = 'liberada' \
        WHERE tarea_id = $1 AND estado NOT IN ('liberada', 'rechazada', 'relevada')";
    sql(SQL).bind(task.0)
}

#[async_trait]
impl ImportRepo for PgTx {
    async fn user(&mut self, user: &User, password_hash: Option<&str>) -> Result<Imported> {
        self.add([user::import(user, password_hash)]).await
    }

    async fn officer(&mut self, officer: &Officer) -> Result<Imported> {
        self.add([officer::import(officer)]).await
    }

    async fn task(&mut self, task: &Task) -> Result<Imported> {
        let ends = is_ended(task).then(|| end_assignments(task.id));
        self.add([task::import(task), task::import_officers(task)].into_iter().chain(ends)).await
    }

    async fn history(&mut self, id: i64, entry: &HistoryEntry) -> Result<Imported> {
        self.add([history::import(id, entry)]).await
    }

    async fn metrics(&mut self, row: &TaskMetrics) -> Result<Imported> {
        self.add([metrics::import(row)]).await
    }

    async fn audit(&mut self, line: &AuditLine) -> Result<Imported> {
        self.add([audit::import(line)]).await
    }

    async fn stored_user(&mut self, id: UserId) -> Result<Option<User>> {
        self.first(user::any(id)).await?.as_ref().map(user::user).transpose()
    }

    async fn stored_officer(&mut self, id: OfficerId) -> Result<Option<Officer>> {
        self.first(officer::any(id)).await?.as_ref().map(officer::officer).transpose()
    }

    async fn stored_task(&mut self, id: TaskId) -> Result<Option<Task>> {
        self.first(task::any(id)).await?.as_ref().map(task::task).transpose()
    }

    async fn replace_user(&mut self, user: &User) -> Result<()> {
        self.say("SAVEPOINT fila").await?;
        let outcome = UserRepo::save(self, user).await;
        self.end_row(outcome).await.map(|_| ())
    }

    async fn replace_officer(&mut self, officer: &Officer) -> Result<()> {
        self.say("SAVEPOINT fila").await?;
        let outcome = OfficerRepo::save(self, officer).await;
        self.end_row(outcome).await.map(|_| ())
    }

    async fn replace_task(&mut self, before: &Task, task: &Task) -> Result<()> {
        self.say("SAVEPOINT fila").await?;
        let outcome = self.replace_task_row(before, task).await;
        self.end_row(outcome).await
    }

    async fn print(&mut self, table: &str, id: i64) -> Result<Option<RowPrint>> {
        const SQL: &str = "SELECT origen, propia FROM importaciones WHERE tabla = $1 AND id = $2";
        let row = self.first(sql(SQL).bind(table.to_owned()).bind(id)).await?;
        let read = |row: &PgRow| {
            let fields = Fields::of("importaciones", row);
            Ok(RowPrint { source: fields.get("origen")?, own: fields.get("propia")? })
        };
        row.as_ref().map(read).transpose()
    }

    async fn put_print(&mut self, table: &str, id: i64, print: &RowPrint) -> Result<()> {
        const SQL: &str = "INSERT INTO importaciones (tabla, id, origen, propia) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (tabla, id) DO UPDATE SET origen = EXCLUDED.origen, propia = EXCLUDED.propia";
        let statement = sql(SQL).bind(table.to_owned()).bind(id).bind(print.source.clone()).bind(print.own.clone());
        self.change(statement).await?;
        Ok(())
    }

    async fn printed(&mut self, table: &str) -> Result<Vec<i64>> {
        const SQL: &str = "SELECT id FROM importaciones WHERE tabla = $1 ORDER BY id";
        let rows = PgTx::all(self, sql(SQL).bind(table.to_owned())).await?;
        rows.iter().map(|row| Fields::of("importaciones", row).get("id")).collect()
    }

    async fn drop_print(&mut self, table: &str, id: i64) -> Result<()> {
        const SQL: &str = "DELETE FROM importaciones WHERE tabla = $1 AND id = $2";
        self.change(sql(SQL).bind(table.to_owned()).bind(id)).await?;
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        for table in NUMBERED_TABLES {
            // Never back, for others may be inserting; one that was not used yet stands at 1.
            let statement = format!(
                "SELECT setval('{table}_id_seq', mayor) FROM (SELECT max(id) AS mayor FROM {table}) m \
                 WHERE mayor >= (SELECT last_value FROM {table}_id_seq)"
            );
            PgTx::all(self, composed(statement)).await?;
        }
        Ok(())
    }

    async fn reserve(&mut self, highest: &[(&'static str, i64)]) -> Result<()> {
        for (table, highest) in highest {
            // Only where less than half of the reserve is left, so that a second import does not move it.
            let statement =
                format!("SELECT setval('{table}_id_seq', $1) WHERE (SELECT last_value FROM {table}_id_seq) < $2");
            let statement = composed(statement).bind(highest + RESERVED_NUMBERS).bind(highest + RESERVED_NUMBERS / 2);
            PgTx::all(self, statement).await?;
        }
        Ok(())
    }
}
