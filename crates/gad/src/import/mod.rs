//! Reads an old GRUPO_GAD database into a record (contract §10).
//!
//! What the old schema allows comes in, also where new input is held to more, and is noted. A row that
//! breaks a rule of the tables is left out and reported, and so is all that names it. Rows keep their
//! numbers, and digests of both sides are kept: a later run brings in what is new, and what the old
//! system alone changed.

mod audit;
mod history;
mod json;
mod known;
mod label;
mod links;
mod metrics;
mod minimal;
mod officers;
mod record;
mod report;
mod row;
mod settle;
mod shape;
mod source;
mod summary;
mod sync;
mod tasks;
mod users;
mod write;

use anyhow::Result;
use domain::Time;
use indicatif::{ProgressBar, ProgressStyle};

use known::Known;
pub use record::Record;
use record::Stop;
pub use report::Report;
use report::{NotImported, Outcome};
use row::{Problem, Row};
use shape::Found;
pub use source::Source;
use source::Walk;
use store::import::NUMBERED_TABLES;

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
    /// Highest number in each old table, past which new rows are numbered.
    highest: Vec<(&'static str, i64)>,
    now: Time,
    bar: ProgressBar,
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
            conflicts: Vec::new(),
            notes: Vec::new(),
            not_imported: Vec::new(),
            violations: Vec::new(),
            departed_officers: 0,
            without_linked_officer: false,
            without_administrator: false,
        };
        let mut rows = 0;
        for table in TABLES.into_iter().filter(|table| found.has(table)) {
            rows += source.count(schema, table).await?;
        }
        let mut highest = Vec::new();
        for table in NUMBERED_TABLES.into_iter().filter(|table| found.has(table)) {
            highest.push((table, source.highest(schema, table).await?));
        }
        if let [(_, users), (_, officers), ..] = &mut highest[..]
            && found.shape.is_minimal()
        {
            // Officers who are no user get one, numbered past the users.
            *users += *officers;
        }
        let bar = ProgressBar::new(rows);
        bar.set_style(ProgressStyle::with_template("{msg:18} {bar:40} {pos}/{len} {elapsed}")?);
        Ok(Self { source, found, record, report, known: Known::default(), highest, now, bar })
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
        settle::delete_gone(self).await?;
        settle::correct_officers(self).await?;
        self.end_batch().await?;
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

    /// Makes what was written so far last.
    async fn end_batch(&mut self) -> Result<()> {
        self.record.end_batch(&self.highest).await
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
    fn settle(&mut self, table: &'static str, row: Row, outcome: Result<Outcome, Stop>) -> Result<Row> {
        let outcome = match outcome {
            Ok(outcome) => Ok(outcome),
            Err(Stop::Row(problem)) => {
                self.known.leave_out(table, row.id, problem.cause);
                Err(problem)
            }
            Err(Stop::Run(error)) => return Err(error.context(format!("{table} {}", row.id))),
        };
        self.known.see(table, row.id);
        self.report.row(table, &row, outcome);
        self.bar.inc(1);
        Ok(row)
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
