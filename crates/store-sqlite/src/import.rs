//! Rows from another system, which keep the numbers they had there.

use async_trait::async_trait;
use domain::history::HistoryEntry;
use domain::metrics::TaskMetrics;
use domain::{AuditLine, Officer, Task, User};
use sqlx::AssertSqlSafe;
use store::import::{ImportRepo, Imported, Numbered};
use store::metrics::MetricsRepo;
use store::task::TaskRepo;
use store::{Error, Result};
use uuid::Uuid;

use crate::row::Fields;
use crate::tx::{SqliteTx, Statement};

impl SqliteTx {
    async fn has(&mut self, statement: Statement<'_>) -> Result<bool> {
        Ok(self.first(statement).await?.is_some())
    }

    async fn task_with_officers(&mut self, task: &Task) -> Result<()> {
        self.insert_task(Some(task.id), task).await?;
        self.assign(task.id, &task.officers, None, task.created_at).await
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
        match self.task_with_officers(task).await {
            Ok(()) => {
                self.run(sqlx::query("RELEASE tarea")).await?;
                Ok(Imported::Added)
            }
            Err(Error::Conflict(rule)) => {
                self.run(sqlx::query("ROLLBACK TO tarea")).await?;
                self.run(sqlx::query("RELEASE tarea")).await?;
                Err(Error::Conflict(rule))
            }
            // The transaction is lost as a whole.
            Err(error) => Err(error),
        }
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

    async fn uuid_of(&mut self, kind: Numbered, id: i64) -> Result<Option<Uuid>> {
        let table = kind.table();
        let statement = sqlx::query(AssertSqlSafe(format!("SELECT uuid FROM {table} WHERE id = ?"))).bind(id);
        self.first(statement).await?.map(|row| Fields::of(table, &row).get("uuid")).transpose()
    }

    // AUTOINCREMENT takes note of every number as it is used.
    async fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}
