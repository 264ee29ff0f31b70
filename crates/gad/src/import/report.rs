//! What an import did, table by table, and what it left out and why.

use comfy_table::Table;
use serde::Serialize;
use store::import::Imported;

use super::row::{Problem, Row};
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
    /// There before.
    pub present: u64,
    /// Not taken.
    pub left_out: u64,
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
    pub fn outcome(&mut self, table: &'static str, id: impl Into<Id>, outcome: Result<Imported, Problem>) {
        let count = self.count(table);
        count.read += 1;
        match outcome {
            Ok(Imported::Added) => count.added += 1,
            Ok(Imported::Present) => count.present += 1,
            Err(Problem { field, reason }) => {
                count.left_out += 1;
                self.left_out.push(Finding { table, id: id.into(), field, reason });
            }
        }
    }

    /// Counts what became of a row; what was noticed in it counts if it came in.
    pub fn row(&mut self, table: &'static str, row: Row, outcome: Result<Imported, Problem>) {
        if matches!(outcome, Ok(Imported::Added)) {
            for note in row.notes {
                self.note(table, row.id, note);
            }
        }
        self.outcome(table, row.id, outcome);
    }

    /// Keeps what is worth knowing of a row that came in.
    pub fn note(&mut self, table: &'static str, id: impl Into<Id>, note: Problem) {
        self.notes.push(Finding { table, id: id.into(), field: note.field, reason: note.reason });
    }

    /// How many rows are new in the record.
    pub fn added(&self) -> u64 {
        self.tables.iter().map(|count| count.added).sum()
    }

    /// The report as people read it.
    pub fn text(&self) -> String {
        let mut table = Table::new();
        table.set_header(["table", "read", "added", "present already", "left out"]);
        for count in &self.tables {
            let numbers = [count.read, count.added, count.present, count.left_out].map(|number| number.to_string());
            table.add_row(std::iter::once(count.table.to_owned()).chain(numbers));
        }
        let mut parts = vec![table.to_string()];
        for NotImported { table, rows } in &self.not_imported {
            parts.push(format!("{table}: {rows} row(s) not imported, gad has no such table"));
        }
        for (title, findings) in [("Left out", &self.left_out), ("Worth knowing", &self.notes)] {
            if !findings.is_empty() {
                parts.push(format!("{title}:\n{}", listed(findings)));
            }
        }
        if self.departed_officers > 0 {
            parts.push(format!(
                "{} officer(s) who are deleted or whose account is not active are taken off their unfinished tasks",
                self.departed_officers
            ));
        }
        if self.without_linked_officer {
            let text = "no officer has a linked Telegram account: acknowledgement deadlines are off until one has, \
                unless ack_seconds is set";
            parts.push(text.to_owned());
        }
        if self.without_administrator {
            let text = "no administrator can sign in: make one with `gad user create --nivel 3 --verificado`, or of \
                a user with `gad user level USER --nivel 3`, `gad user password` and `gad user enable`";
            parts.push(text.to_owned());
        }
        parts.push(match (self.dry_run, self.left_out.len()) {
            (true, left) => {
                format!("dry run: nothing was changed; {} row(s) to add, {left} to leave out", self.added())
            }
            (false, left) => format!("import done: {} row(s) added, {left} left out", self.added()),
        });
        parts.join("\n\n")
    }
}

fn listed(findings: &[Finding]) -> Table {
    let mut table = Table::new();
    table.set_header(["table", "id", "field", "reason"]);
    for finding in findings {
        table.add_row([finding.table, &finding.id.to_string(), finding.field, &finding.reason]);
    }
    table
}
