//! Rows from another system, each under a savepoint.

use async_trait::async_trait;
use domain::history::HistoryEntry;
use domain::metrics::TaskMetrics;
use domain::{AuditLine, Officer, Task, User};
use store::Result;
use store::import::{ImportRepo, Imported, Numbered};
use uuid::Uuid;

use crate::row::Fields;
use crate::statement::{Statement, composed};
use crate::tx::PgTx;
use crate::{audit, history, metrics, officer, task, user};

impl PgTx {
    /// Sends statements that stand or fall together. The later ones are not sent when the first
    /// adds nothing.
    async fn add(&mut self, statements: impl IntoIterator<Item = Statement> + Send) -> Result<Imported> {
        self.say("SAVEPOINT fila").await?;
        let mut outcome = Ok(Imported::Added);
        let statements: Vec<Statement> = statements.into_iter().collect();
        for (place, statement) in statements.into_iter().enumerate() {
            match self.change(statement).await {
                Ok(0) if place == 0 => {
                    outcome = Ok(Imported::Present);
                    break;
                }
                Ok(_) => {}
                Err(error) => {
                    self.say("ROLLBACK TO SAVEPOINT fila").await?;
                    self.mended();
                    outcome = Err(error);
                    break;
                }
            }
        }
        self.say("RELEASE SAVEPOINT fila").await?;
        outcome
    }
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
        self.add([task::import(task), task::import_officers(task)]).await
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

    async fn uuid_of(&mut self, kind: Numbered, id: i64) -> Result<Option<Uuid>> {
        let table = kind.table();
        let statement = composed(format!("SELECT uuid FROM {table} WHERE id = $1")).bind(id);
        self.first(statement).await?.map(|row| Fields::of(table, &row).get("uuid")).transpose()
    }

    async fn finish(&mut self) -> Result<()> {
        for table in ["usuarios", "efectivos", "tareas", "historial_estados"] {
            // Never back, for others may be inserting; one that was not used yet stands at 1.
            let statement = format!(
                "SELECT setval('{table}_id_seq', mayor) FROM (SELECT max(id) AS mayor FROM {table}) m \
                 WHERE mayor >= (SELECT last_value FROM {table}_id_seq)"
            );
            PgTx::all(self, composed(statement)).await?;
        }
        Ok(())
    }
}
