//! The record that rows are written to, one transaction a batch; a dry run has one transaction
//! for everything, and drops it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use domain::{Clock as _, TaskId, Time};
use store::import::RowPrint;
use store::{Error, Rule, Store, Tx};
use store_sqlite::{SqliteOptions, SqliteStore};

use super::row::Problem;
use super::sync;
use crate::clock::SystemClock;
use crate::compose;
use crate::config::Settings;

/// Why a row did not come in: it is at fault, or the import cannot go on.
#[derive(Debug)]
pub enum Stop {
    /// The row is left out, and the import goes on.
    Row(Problem),
    /// The import ends.
    Run(anyhow::Error),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Row(problem)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Stale => Self::Row(Problem::new("version", "gad changed the row during the import: run it again")),
            Error::Conflict(rule) => Self::Row(Problem::new(field(rule), format!("breaks the rule: {rule}"))),
            error => Self::Run(anyhow!(error).context("the record")),
        }
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Run(error)
    }
}

/// The column to look at when a rule refuses a row.
const fn field(rule: Rule) -> &'static str {
    match rule {
        Rule::UserEmail => "email",
        Rule::UserDni => "dni",
        Rule::UserTelegram => "telegram_id",
        Rule::Uuid => "uuid",
        Rule::OfficerUser | Rule::UnknownUser => "usuario_id",
        Rule::OfficerCode => "codigo_interno",
        Rule::TaskCode => "codigo",
        Rule::OneActiveTask | Rule::OneOpenAssignment => "efectivos_asignados",
        Rule::TaskDates => "fin_programado",
        Rule::TaskRealDates => "fin_real",
        Rule::UnknownOfficer => "efectivo_id",
        Rule::UnknownTask => "tarea_id",
        Rule::RefreshToken | Rule::AuditIsAppendOnly | Rule::EscalationStep | Rule::EmergencyAttended | Rule::Check => {
            "id"
        }
    }
}

/// Most assignments of departed officers that are looked at.
const MOST_DEPARTED: u32 = 100_000;

/// Where rows go.
pub struct Record {
    /// The record itself.
    pub store: Arc<dyn Store>,
    dry: bool,
    /// Whether the office was marked as imported in this run.
    marked: bool,
    /// Whether numbers for new rows were set past those of the old tables in this run.
    reserved: bool,
    now: Time,
    tx: Option<Box<dyn Tx>>,
    // A stand-in for a record that is not there yet, removed at the end.
    stand_in: Option<tempfile::TempDir>,
}

impl Record {
    /// Opens the record that the settings name. A dry run makes none: where there is no record
    /// yet, an empty one elsewhere stands in for it.
    pub async fn open(settings: &Settings, dry: bool) -> Result<Self> {
        if dry && !settings.record.exists() {
            return Self::stand_in().await;
        }
        let store = compose::store(settings, false).await?;
        if dry {
            let schema = store.schema().await?;
            if schema.found == 0 {
                store.close().await;
                return Self::stand_in().await;
            }
            match schema.check() {
                Err(error @ Error::SchemaTooOld { .. }) => {
                    return Err(anyhow!(error).context("a dry run does not migrate"));
                }
                outcome => outcome?,
            }
        }
        let now = SystemClock.now();
        Ok(Self { store, dry, marked: false, reserved: false, now, tx: None, stand_in: None })
    }

    async fn stand_in() -> Result<Self> {
        let dir = tempfile::tempdir().context("no room for a trial record")?;
        let store = open_embedded(dir.path()).await.context("cannot make a trial record")?;
        store.migrate().await?;
        let now = SystemClock.now();
        Ok(Self { store, dry: true, marked: false, reserved: false, now, tx: None, stand_in: Some(dir) })
    }

    /// The transaction of this batch.
    pub async fn tx(&mut self) -> Result<&mut dyn Tx, Error> {
        let tx = match self.tx.take() {
            Some(tx) => tx,
            None => self.store.write().await?,
        };
        Ok(&mut **self.tx.insert(tx))
    }

    /// Makes the batch last, with numbers for new rows past `highest`, those of the old tables.
    pub async fn end_batch(&mut self, highest: &[(&'static str, i64)]) -> Result<()> {
        // A sequence does not go back with a transaction, so a dry run leaves it alone.
        if self.dry {
            return Ok(());
        }
        if let Some(mut tx) = self.tx.take() {
            // Once, in the first batch that is committed: later ones add no number above `highest`.
            if !self.reserved {
                tx.import().finish().await?;
                tx.import().reserve(highest).await?;
            }
            tx.commit().await?;
            self.reserved = true;
        }
        Ok(())
    }

    /// Undoes what was not made to last.
    pub fn drop_batch(&mut self) {
        self.tx = None;
    }

    /// Ends the work.
    pub async fn close(self) {
        self.store.close().await;
        drop(self.stand_in);
    }

    /// How many officers who are deleted or whose account is not active are sent to unfinished tasks.
    pub async fn departed(&mut self) -> Result<usize, Error> {
        let rows = self.tx().await?.assignments().of_departed(MOST_DEPARTED).await?;
        Ok(rows.iter().map(|row| row.officer).collect::<BTreeSet<_>>().len())
    }

    /// The imported tasks of such officers that gad left as they were imported.
    pub async fn tasks_of_departed(&self) -> Result<BTreeSet<TaskId>> {
        let mut tx = self.store.read().await?;
        let rows = tx.assignments().of_departed(MOST_DEPARTED).await?;
        let mut tasks = BTreeSet::new();
        for task in rows.iter().map(|row| row.task).collect::<BTreeSet<_>>() {
            let print = tx.import().print("tareas", task.0).await?;
            let own = task_digest(&mut *tx, task).await?;
            if print.is_some_and(|print| Some(print.own) == own) {
                tasks.insert(task);
            }
        }
        Ok(tasks)
    }

    /// Takes some tasks as they are now for what was imported.
    pub async fn renew_digests(&self, tasks: &BTreeSet<TaskId>) -> Result<()> {
        let mut tx = self.store.write().await?;
        for task in tasks {
            if let Some(print) = tx.import().print("tareas", task.0).await?
                && let Some(own) = task_digest(&mut *tx, *task).await?
            {
                tx.import().put_print("tareas", task.0, &RowPrint { own, ..print }).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Whether acknowledgement deadlines of the imported office are off for want of a linked officer.
    pub async fn is_unlinked(&mut self) -> Result<bool, Error> {
        self.tx().await?.dispatch().is_import_unlinked().await
    }

    /// Whether no administrator can sign in after the import.
    pub async fn is_without_administrator(&mut self) -> Result<bool, Error> {
        Ok(!self.tx().await?.users().has_administrator().await?)
    }

    /// Marks the office as imported with the first row that comes in, so that an import that breaks off
    /// leaves it marked.
    pub async fn mark(&mut self) -> Result<(), Error> {
        if !self.marked {
            let now = self.now;
            self.tx().await?.dispatch().mark_imported(now).await?;
            self.marked = true;
        }
        Ok(())
    }
}

async fn task_digest(tx: &mut dyn Tx, id: TaskId) -> Result<Option<String>> {
    let Some(task) = tx.import().stored_task(id).await? else { return Ok(None) };
    let rows = tx.assignments().of_tasks(&[id]).await?;
    sync::task_digest(&task, &rows).map(Some)
}

async fn open_embedded(dir: &Path) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(SqliteStore::open(dir, SqliteOptions::default()).await?))
}
