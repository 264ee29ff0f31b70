//! Reads an old GRUPO_GAD database into a record (contract §10).
//!
//! Every row is read by the domain's own types, so that what comes in is what the office itself
//! could have made; a row that cannot be read so is left out and reported, and whatever speaks of
//! it with it. Rows keep their numbers, so a second run finds them present.

mod audit;
mod history;
mod label;
mod links;
mod metrics;
mod minimal;
mod officers;
mod record;
mod report;
mod row;
mod shape;
mod source;
mod tasks;
mod users;

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use domain::{Availability, Officer, Task, TaskState, Time};
use indicatif::{ProgressBar, ProgressStyle};
use store::import::Imported;

pub use record::Record;
use record::Stop;
use report::NotImported;
pub use report::Report;
use row::{Problem, Row};
use shape::Found;
pub use source::Source;
use source::Walk;

/// The old tables, in an order in which whatever a row speaks of comes before it.
const TABLES: [&str; 6] = ["usuarios", "efectivos", "tareas", "historial_estados", "metricas_tareas", "audit_logs"];
/// Old tables that gad has no place for.
const NOT_IMPORTED: [&str; 3] = ["audit_sessions", "turnos", "licencias"];

/// An import under way.
pub struct Run {
    source: Source,
    found: Found,
    record: Record,
    report: Report,
    known: Known,
    now: Time,
    bar: ProgressBar,
}

/// What the record holds of the old database. Numbers alone are not enough: the record may have
/// given them to others.
#[derive(Default)]
struct Known {
    users: HashSet<i64>,
    /// Compared forms of live rows by field, and who has each.
    identities: HashMap<(&'static str, String), i64>,
    officers: HashSet<i64>,
    tasks: HashSet<i64>,
    /// Officers that came in just now as being on a task, and those that did not.
    on_task: HashSet<i64>,
    not_on_task: HashSet<i64>,
    /// Officers that a begun task has.
    begun: HashSet<i64>,
    /// Officers that a task in course holds, and which.
    taken: HashMap<i64, i64>,
}

impl Known {
    fn check_user(&self, field: &'static str, user: i64) -> Result<(), Problem> {
        if self.users.contains(&user) {
            return Ok(());
        }
        Err(Problem::new(field, format!("the record has no user {user} of the old database")))
    }

    /// What is noted of a live row whose identifying text another one has in another writing.
    fn repeated(&mut self, field: &'static str, form: String, id: i64) -> Option<Problem> {
        let first = *self.identities.entry((field, form)).or_insert(id);
        (first != id).then(|| Problem::new(field, format!("is that of row {first} in another writing; kept")))
    }

    fn check_task(&self, field: &'static str, task: i64) -> Result<(), Problem> {
        if self.tasks.contains(&task) {
            return Ok(());
        }
        Err(Problem::new(field, format!("the record has no task {task} of the old database")))
    }

    /// Those that the record has, and those that it has not.
    fn officers_among(&self, officers: Vec<i64>) -> (Vec<i64>, Vec<i64>) {
        officers.into_iter().partition(|officer| self.officers.contains(officer))
    }

    /// An officer of a task in course who is on another one already, and on which.
    fn taken_among(&self, task: &Task) -> Option<(i64, i64)> {
        let holds = task.state == TaskState::InProgress && task.deleted_at.is_none();
        let mut officers = task.officers.iter().filter(|_| holds);
        officers.find_map(|officer| self.taken.get(&officer.0).map(|other| (officer.0, *other)))
    }

    fn task(&mut self, task: &Task, imported: Imported) -> Imported {
        self.tasks.insert(task.id.0);
        if imported == Imported::Added && task.deleted_at.is_none() {
            for officer in &task.officers {
                if task.state == TaskState::InProgress {
                    self.taken.insert(officer.0, task.id.0);
                }
                if task.state.holds_officers() {
                    self.begun.insert(officer.0);
                }
            }
        }
        imported
    }

    fn officer(&mut self, officer: &Officer, imported: Imported) {
        self.officers.insert(officer.id.0);
        if imported == Imported::Added {
            let on_task = officer.availability == Availability::OnTask;
            let set = if on_task { &mut self.on_task } else { &mut self.not_on_task };
            set.insert(officer.id.0);
        }
    }
}

impl Run {
    /// Looks at the old database, and makes ready to read it.
    pub async fn new(mut source: Source, found: Found, record: Record, dry_run: bool, now: Time) -> Result<Self> {
        let schema = found.shape.schema();
        let report = Report {
            from: source.shown().to_owned(),
            shape: found.shape,
            geom: found.geom,
            dry_run,
            tables: Vec::new(),
            left_out: Vec::new(),
            notes: Vec::new(),
            not_imported: Vec::new(),
            departed_officers: 0,
            without_linked_officer: false,
            without_administrator: false,
        };
        let mut rows = 0;
        for table in TABLES.into_iter().filter(|table| found.has(table)) {
            rows += source.count(schema, table).await?;
        }
        let bar = ProgressBar::new(rows);
        bar.set_style(ProgressStyle::with_template("{msg:18} {bar:40} {pos}/{len} {elapsed}")?);
        Ok(Self { source, found, record, report, known: Known::default(), now, bar })
    }

    /// Brings everything in.
    pub async fn import(&mut self) -> Result<()> {
        if self.found.shape.is_minimal() {
            minimal::users::import(self).await?;
            minimal::officers::import(self).await?;
            minimal::tasks::import(self).await?;
        } else {
            users::import(self).await?;
            officers::import(self).await?;
            tasks::import(self).await?;
        }
        history::import(self).await?;
        metrics::import(self).await?;
        audit::import(self).await?;
        self.note_officers();
        self.report.departed_officers = self.record.departed().await?;
        self.report.without_linked_officer = self.record.is_unlinked().await?;
        self.report.without_administrator = self.record.is_without_administrator().await?;
        let schema = self.found.shape.schema();
        for table in NOT_IMPORTED.into_iter().filter(|table| self.found.has(table)) {
            let rows = self.source.count(schema, table).await?;
            self.report.not_imported.push(NotImported { table, rows });
        }
        Ok(())
    }

    /// Availability was never kept in step with tasks, so where it is not, that is said.
    fn note_officers(&mut self) {
        let mut idle: Vec<_> = self.known.on_task.difference(&self.known.begun).copied().collect();
        let mut busy: Vec<_> = self.known.begun.intersection(&self.known.not_on_task).copied().collect();
        idle.sort_unstable();
        busy.sort_unstable();
        let idle = idle.into_iter().map(|officer| (officer, "is en_tarea, and no begun task has the officer"));
        let busy = busy.into_iter().map(|officer| (officer, "is not en_tarea, and a begun task has the officer"));
        for (officer, what) in idle.chain(busy) {
            let reason = format!("{what}: kept as it is");
            self.report.note("efectivos", officer, Problem::new("estado_disponibilidad", reason));
        }
    }

    /// What was done, and the record that it was done to, with no batch under way.
    pub fn end(mut self) -> (Report, Record) {
        self.bar.finish_and_clear();
        self.record.drop_batch();
        (self.report, self.record)
    }

    fn walk(&mut self, table: &'static str, more: &str) -> Walk {
        self.bar.set_message(table);
        self.report.count(table);
        Walk::of(self.found.shape.schema(), table, more)
    }

    /// Counts what became of a row.
    fn settle(&mut self, table: &'static str, row: Row, outcome: Result<Imported, Stop>) -> Result<()> {
        let outcome = match outcome {
            Ok(imported) => Ok(imported),
            Err(Stop::Row(problem)) => Err(problem),
            Err(Stop::Run(error)) => return Err(error.context(format!("{table} {}", row.id))),
        };
        self.report.row(table, row, outcome);
        self.bar.inc(1);
        Ok(())
    }

    /// Holds what was read of a table against its size: rows without a number, or with the same
    /// one as another, cannot be walked to.
    async fn end_table(&mut self, table: &'static str) -> Result<()> {
        let rows = self.source.count(self.found.shape.schema(), table).await?;
        let read = self.report.count(table).read;
        if read != rows {
            let reason =
                format!("{} of {rows} rows have no number of their own and were not read", rows.abs_diff(read));
            self.report.note(table, 0, Problem::new("id", reason));
        }
        Ok(())
    }
}
