//! The figures as people and programs read them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use comfy_table::{Cell, CellAlignment, Color, Table};
use serde::Serialize;
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::bench::{Bench, Pair, Round, median};
use crate::meter::Cost;

/// One row of the budget.
#[derive(Debug, Serialize)]
pub struct Row {
    pub name: &'static str,
    pub work: &'static str,
    pub unit: &'static str,
    /// Median of all rounds.
    pub ours: f64,
    pub reference_name: Option<&'static str>,
    /// Median of all rounds.
    pub reference: Option<f64>,
    /// Median of the ratios of rounds that followed each other.
    pub ratio: Option<f64>,
    pub goal: String,
    pub holds: bool,
    pub ours_rounds: Vec<f64>,
    pub reference_rounds: Vec<f64>,
    /// Microseconds of CPU time a piece of work, median of all rounds.
    pub ours_cpu_us: Cost,
    pub reference_cpu_us: Cost,
    pub notes: Vec<String>,
}

/// What a row must reach.
#[derive(Debug, Clone, Copy, Default)]
pub struct Goal {
    ratio: Option<f64>,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

impl Goal {
    /// So much of the reference.
    pub fn ratio(ratio: f64) -> Self {
        Self { ratio: Some(ratio), ..Self::default() }
    }

    /// Not more.
    pub fn at_most(figure: f64) -> Self {
        Self { at_most: Some(figure), ..Self::default() }
    }

    /// And not less.
    pub fn and_at_least(self, figure: f64) -> Self {
        Self { at_least: Some(figure), ..self }
    }

    fn holds(self, figure: f64, ratio: Option<f64>) -> bool {
        self.ratio.is_none_or(|goal| ratio.is_some_and(|ratio| ratio >= goal))
            && self.at_least.is_none_or(|goal| figure >= goal)
            && self.at_most.is_none_or(|goal| figure <= goal)
    }

    fn words(self, unit: &str) -> String {
        let ratio = self.ratio.map(|goal| format!("≥ {goal} ×"));
        let at_least = self.at_least.map(|goal| format!("≥ {goal:.0} {unit}"));
        let at_most = self.at_most.map(|goal| format!("≤ {goal:.0} {unit}"));
        [ratio, at_least, at_most].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl Row {
    /// Something beside its reference.
    pub fn compared(work: &'static str, beside: &'static str, unit: &'static str, pair: &Pair, goal: Goal) -> Self {
        let figures = |rounds: &[Round]| rounds.iter().map(|round| round.figure).collect::<Vec<_>>();
        let (ours, reference) = (figures(&pair.ours), figures(&pair.reference));
        let ratio = median(ours.iter().zip(&reference).map(|(ours, reference)| ours / reference));
        let mut row = Self::alone(work, unit, &ours, goal);
        row.holds = goal.holds(row.ours, Some(ratio));
        row.refused(pair.ours.iter().map(|round| round.failed.clone()));
        row.ratio = Some(ratio);
        row.reference = Some(median(reference.iter().copied()));
        row.reference_name = Some(beside);
        row.reference_rounds = reference;
        row.ours_cpu_us = cost(&pair.ours);
        row.reference_cpu_us = cost(&pair.reference);
        row
    }

    /// Notes requests that were refused: then the row does not hold.
    pub fn refused(&mut self, failed: impl IntoIterator<Item = (u64, Option<String>)>) {
        let (mut count, mut first) = (0, None);
        for (failed, why) in failed {
            count += failed;
            first = first.or(why);
        }
        if count > 0 {
            self.holds = false;
            self.notes.push(format!("{count} requests were refused, the first: {}", first.unwrap_or_default()));
        }
    }

    /// Something that could not be measured.
    pub fn broken(work: &'static str, error: &anyhow::Error) -> Self {
        let mut row = Self::alone(work, "", &[], Goal::default());
        row.holds = false;
        row.notes.push(format!("{error:#}"));
        row
    }

    /// Something that stands by itself.
    pub fn alone(work: &'static str, unit: &'static str, rounds: &[f64], goal: Goal) -> Self {
        let ours = median(rounds.iter().copied());
        Self {
            name: "",
            work,
            unit,
            ours,
            reference_name: None,
            reference: None,
            ratio: None,
            goal: goal.words(unit),
            holds: goal.holds(ours, None),
            ours_rounds: rounds.to_vec(),
            reference_rounds: Vec::new(),
            ours_cpu_us: Cost::new(),
            reference_cpu_us: Cost::new(),
            notes: Vec::new(),
        }
    }

    /// In one line, while others are still to come.
    pub fn line(&self) -> String {
        let reference = self.reference.map(|figure| format!(", reference {}", number(figure))).unwrap_or_default();
        let ratio = self.ratio.map(|ratio| format!(", ratio {ratio:.2}")).unwrap_or_default();
        format!("{} {}{reference}{ratio}", number(self.ours), self.unit)
    }
}

fn cost(rounds: &[Round]) -> Cost {
    let names = rounds.first().map(|round| round.cost.keys().copied().collect::<Vec<_>>()).unwrap_or_default();
    let of = |name| median(rounds.iter().filter_map(|round| round.cost.get(name).copied()));
    names.into_iter().map(|name| (name, of(name))).collect()
}

fn number(figure: f64) -> String {
    if figure >= 100.0 { format!("{figure:.0}") } else { format!("{figure:.2}") }
}

fn spelled(cost: &Cost) -> String {
    let parts: Vec<_> = cost.iter().map(|(name, micros)| format!("{name} {}", number(*micros))).collect();
    let sum: f64 = cost.values().sum();
    if parts.is_empty() { String::new() } else { format!("{} = {}", parts.join(" + "), number(sum)) }
}

/// By what the figures were made.
#[derive(Debug, Serialize)]
pub struct Facts {
    cores: usize,
    processor: String,
    kernel: String,
    gad: String,
    postgresql: String,
    sqlite: String,
    load_average_before: String,
    rounds: usize,
    seconds_a_round: u64,
}

/// Asks for them.
pub fn facts(bench: &mut Bench) -> Result<Facts> {
    let read = |file: &str| std::fs::read_to_string(file).map(|text| text.trim().to_owned());
    let processor = read("/proc/cpuinfo")?;
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let gad = Command::new(&bench.gad).arg("--version").output().context("gad --version")?.stdout;
    let (postgresql, sqlite) = bench.generator.block_on(async {
        let mut connection = PgConnection::connect(&bench.postgres).await.context("the database does not answer")?;
        let postgresql: String = sqlx::query_scalar("SHOW server_version").fetch_one(&mut connection).await?;
        let mut connection = SqliteConnection::connect("sqlite::memory:").await?;
        let sqlite: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await?;
        anyhow::Ok((postgresql, sqlite))
    })?;
    Ok(Facts {
        cores: std::thread::available_parallelism()?.get(),
        processor: processor.map(|(_, name)| name.to_owned()).unwrap_or_default(),
        kernel: read("/proc/sys/kernel/osrelease")?,
        gad: String::from_utf8_lossy(&gad).trim().to_owned(),
        postgresql,
        sqlite,
        load_average_before: read("/proc/loadavg")?,
        rounds: bench.rounds,
        seconds_a_round: bench.round.as_secs(),
    })
}

/// Prints the table, and what stands behind it.
pub fn print(rows: &[Row], facts: &Facts) {
    let mut table = Table::new();
    table.set_header(["work", "ours", "reference", "ratio", "goal", "holds"]);
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for row in rows {
        let reference = match (row.reference, row.reference_name) {
            (Some(figure), Some(name)) => format!("{} {} ({name})", number(figure), row.unit),
            _ => "–".to_owned(),
        };
        let ratio = row.ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
        let holds = if row.holds { Cell::new("yes").fg(Color::Green) } else { Cell::new("no").fg(Color::Red) };
        table.add_row([
            Cell::new(row.work),
            right(format!("{} {}", number(row.ours), row.unit)),
            right(reference),
            right(ratio),
            Cell::new(&row.goal),
            holds,
        ]);
    }
    println!("{table}");
    let mut costs = Table::new();
    costs.set_header(["CPU time, µs each", "ours", "reference"]);
    for row in rows.iter().filter(|row| !row.ours_cpu_us.is_empty()) {
        costs.add_row([row.work.to_owned(), spelled(&row.ours_cpu_us), spelled(&row.reference_cpu_us)]);
    }
    println!("{costs}");
    for row in rows {
        for note in &row.notes {
            println!("{}: {note}", row.work);
        }
    }
    println!(
        "{} cores ({}), Linux {}, {}, PostgreSQL {}, SQLite {}; {} rounds of {} s in turn; load average before: {}",
        facts.cores,
        facts.processor,
        facts.kernel,
        facts.gad,
        facts.postgresql,
        facts.sqlite,
        facts.rounds,
        facts.seconds_a_round,
        facts.load_average_before
    );
}

/// Writes all figures.
pub fn write(file: &Path, rows: &[Row], facts: &Facts) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let all = serde_json::json!({ "facts": facts, "rows": rows });
    std::fs::write(file, serde_json::to_vec_pretty(&all)?).with_context(|| format!("cannot write {}", file.display()))
}
