//! What an import did, table by table, and what it left out and why.

use serde::Serialize;
use store::import::Imported;
use store::invariant::Violation;

use super::row::{Cause, Problem, Row};
use super::shape::Shape;

/// The whole report. Holds no personal values.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that the report states by itself")]
pub struct Report {
    /// The URL of the old database, without its password.
    pub from: String,
    /// Which schema it has.
    pub shape: Shape,
    /// Whether its officers had positions.
    pub geom: bool,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Old tables in the order in which they were read.
    pub tables: Vec<Count>,
    /// Rows that were left out.
    pub left_out: Vec<Finding>,
    /// Rows that the old system and gad both changed since the last import; gad's stay.
    pub conflicts: Vec<Finding>,
    /// What is worth knowing of rows that came in.
    pub notes: Vec<Finding>,
    /// Tables that gad has no place for.
    pub not_imported: Vec<NotImported>,
    /// Officers who are deleted, or whose account is not active, and are sent to unfinished tasks. They
    /// are taken off them at the end of the import.
    pub departed_officers: usize,
    /// Whether no officer has a linked Telegram account. Until one has, acknowledgement deadlines are
    /// off, unless the office set them.
    pub without_linked_officer: bool,
    /// Rows that violate an invariant of several tables after the import; there should be none.
    pub violations: Vec<Violation>,
    /// Whether no administrator can sign in: none is verified and has an e-mail and a password.
    pub without_administrator: bool,
}

/// What became of the rows of one table.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Its name in the old database.
    pub table: &'static str,
    /// Rows read: the sum of the others.
    pub read: u64,
    /// New in the record.
    pub added: u64,
    /// Replaced, because the old system alone changed them since the last import.
    pub changed: u64,
    /// There before, and as they were.
    pub present: u64,
    /// Changed on both sides since the last import: gad's stay.
    pub conflicts: u64,
    /// Not taken.
    pub left_out: u64,
    /// Deleted here, because the old database has them no longer. Not among those read.
    pub removed: u64,
}

/// What became of a row that came in or is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// New in the record.
    Added,
    /// Replaced by the old system's.
    Changed,
    /// There before, and left as it was.
    Present,
    /// Changed on both sides, and left as it was.
    Conflict(Problem),
}

impl From<Imported> for Outcome {
    fn from(imported: Imported) -> Self {
        match imported {
            Imported::Added => Self::Added,
            Imported::Present => Self::Present,
        }
    }
}

/// Something about one row.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// Its table in the old database.
    pub table: &'static str,
    /// Its number there.
    pub id: Id,
    /// The column.
    pub field: &'static str,
    /// What is wrong with it, or was done about it.
    pub reason: String,
    /// The other row because of which it was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

impl Finding {
    fn new(table: &'static str, id: Id, problem: Problem) -> Self {
        let Problem { field, reason, cause } = problem;
        Self { table, id, field, reason, cause }
    }
}

/// What a row is known by.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Id {
    /// `id`.
    Number(i64),
    /// Task and officer of a link, as "30/7".
    Pair(String),
}

/// A table that gad has no place for.
#[derive(Debug, Serialize)]
pub struct NotImported {
    /// Its name in the old database.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
}

impl From<i64> for Id {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<(i64, i64)> for Id {
    fn from((task, officer): (i64, i64)) -> Self {
        Self::Pair(format!("{task}/{officer}"))
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Pair(pair) => f.write_str(pair),
        }
    }
}

impl Report {
    /// The counts of a table, which begins to be counted.
    pub fn count(&mut self, table: &'static str) -> &mut Count {
        let place = self.tables.iter().position(|count| count.table == table).unwrap_or_else(|| {
            self.tables.push(Count { table, ..Count::default() });
            self.tables.len() - 1
        });
        &mut self.tables[place]
    }

    /// Counts what became of something with the number `id`.
    pub fn outcome(&mut self, table: &'static str, id: impl Into<Id>, outcome: Result<Outcome, Problem>) {
        let count = self.count(table);
        count.read += 1;
        match outcome {
            Ok(Outcome::Added) => count.added += 1,
            Ok(Outcome::Changed) => count.changed += 1,
            Ok(Outcome::Present) => count.present += 1,
            Ok(Outcome::Conflict(problem)) => {
                count.conflicts += 1;
                self.conflicts.push(Finding::new(table, id.into(), problem));
            }
            Err(problem) => {
                count.left_out += 1;
                self.left_out.push(Finding::new(table, id.into(), problem));
            }
        }
    }

    /// Counts what became of a row; what was noticed in it counts if it came in.
    pub fn row(&mut self, table: &'static str, row: &Row, outcome: Result<Outcome, Problem>) {
        if matches!(outcome, Ok(Outcome::Added | Outcome::Changed)) {
            for note in &row.notes {
                self.note(table, row.id, note.clone());
            }
        }
        self.outcome(table, row.id, outcome);
    }

    /// Keeps what is worth knowing of a row that came in.
    pub fn note(&mut self, table: &'static str, id: impl Into<Id>, note: Problem) {
        self.notes.push(Finding::new(table, id.into(), note));
    }

    /// How many rows are new in the record.
    pub fn added(&self) -> u64 {
        self.tables.iter().map(|count| count.added).sum()
    }

    /// How many rows were changed or deleted.
    pub fn changed(&self) -> u64 {
        self.tables.iter().map(|count| count.changed + count.removed).sum()
    }
}
