//! `gad import`.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use app::import::Ending;
use app::{Actor, Context};
use clap::{Args, Subcommand};
use domain::{Clock as _, Rng as _};

use crate::backup::make_file;
use crate::clock::{SystemClock, SystemRng};
use crate::compose;
use crate::config::Settings;
use crate::import::{Record, Report, Run, Source};
use crate::out;

/// Where to import from.
#[derive(Subcommand)]
pub enum Command {
    /// Reads an old GRUPO_GAD database; the old database is not changed.
    #[command(after_help = "Examples:\n  gad import grupo-gad --from postgres://lector@host/grupo_gad --dry-run\n  \
        gad import grupo-gad --from postgres://lector@host/grupo_gad --report informe.json")]
    GrupoGad(Options),
}

/// What to import, and how to tell of it.
#[derive(Args)]
pub struct Options {
    /// The old database.
    #[arg(long, env = "GAD_IMPORT_FROM", hide_env_values = true, value_name = "URL")]
    from: String,
    /// Change nothing; say what would be done.
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON, for scripts.
    #[arg(long)]
    json: bool,
    /// Write the report with every single row as JSON to this file. Without it, an import that left rows out
    /// or found conflicts writes one into the data directory.
    #[arg(long, visible_alias = "details", value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Imports.
pub async fn import(settings: &Settings, command: Command) -> Result<()> {
    let Command::GrupoGad(options) = command;
    refuse_the_same_database(settings, &options.from)?;
    let mut source = Source::open(&options.from).await?;
    let found = source.shape().await?;
    let geom = if found.geom { "with" } else { "without" };
    let shape = format!("old database: shape {}, {geom} positions", found.shape.describe());
    if options.json {
        out::notice(&shape);
    } else {
        out::line(&shape)?;
    }
    // Before the work, not after it.
    let file = options.report.as_ref().map(|path| {
        let file = File::create(path).with_context(|| format!("--report: cannot write {}", path.display()));
        file.map(|file| (path, file))
    });
    let file = file.transpose()?;
    let record = Record::open(settings, options.dry_run).await?;
    let office = if options.dry_run { None } else { Some(compose::office(settings, record.store.clone()).await?) };
    let mut run = Run::new(source, found, record, options.dry_run, SystemClock.now()).await?;
    let outcome = run.import().await;
    let (mut report, record) = run.end();
    let outcome = match outcome {
        Ok(()) => match &office {
            Some((cx, _)) => {
                let line = leave_a_line(cx, &report, Ending::Complete).await;
                release_departed(cx, &record).await;
                line.and(check_invariants(&record, &mut report).await)
            }
            None => Ok(()),
        },
        Err(error) => Err(interrupted(office.as_ref().map(|(cx, _)| cx), &report, error).await),
    };
    record.close().await;
    outcome?;
    let json = serde_json::to_string_pretty(&report)?;
    let is_written = file.is_some();
    if let Some((path, mut file)) = file {
        writeln!(file, "{json}").with_context(|| format!("--report: cannot write {}", path.display()))?;
    }
    if options.json {
        return out::document(format_args!("{json}\n"));
    }
    let has_rows = !(report.left_out.is_empty() && report.conflicts.is_empty() && report.notes.is_empty());
    let details = (has_rows && !is_written).then(|| write_details(settings, &report, &json));
    out::line(report.text(details.as_deref()))
}

/// Writes the whole report beside the data, unless nothing may be changed, and returns where it is.
fn write_details(settings: &Settings, report: &Report, json: &str) -> String {
    const HINT: &str = "every single row: run again with --report FILE";
    let dir = &settings.record.data_dir;
    if report.dry_run || !dir.is_dir() {
        return HINT.to_owned();
    }
    let path = dir.join(format!("importacion-{}.json", SystemClock.now().format("%Y%m%dT%H%M%SZ")));
    match make_file(&path).and_then(|mut file| Ok(writeln!(file, "{json}")?)) {
        Ok(()) => format!("every single row: {}", path.display()),
        Err(error) => {
            out::notice(format_args!("gad: warning: the report {} is not written: {error:#}", path.display()));
            HINT.to_owned()
        }
    }
}

/// Puts the rows that violate an invariant after the import into the report.
async fn check_invariants(record: &Record, report: &mut Report) -> Result<()> {
    report.violations = record.store.read().await?.invariants().violations().await?;
    Ok(())
}

/// Both schemas have the same tables, so one database cannot be both ends.
fn refuse_the_same_database(settings: &Settings, from: &str) -> Result<()> {
    let Some(to) = settings.record.target()? else { return Ok(()) };
    let from = store_pg::DatabaseUrl::parse(from).with_context(|| format!("--from {}", store_pg::redact(from)))?;
    if from.is_same_database(&to) {
        bail!("--from and the record are the same database: make an empty one for gad");
    }
    Ok(())
}

/// The audit line of an import that added something. One that added nothing changed nothing.
async fn leave_a_line(cx: &Context, report: &Report, ending: Ending) -> Result<()> {
    if report.added() + report.changed() == 0 {
        return Ok(());
    }
    let actor = Actor::operator(SystemRng.uuid().to_string(), "import grupo-gad");
    let facts = [("forma", serde_json::to_value(report.shape)?), ("tablas", serde_json::to_value(&report.tables)?)];
    let facts = facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect();
    app::import::leave_a_line(cx, &actor, report.added(), facts, ending).await.context("the audit line of the import")
}

/// Takes officers who left off the unfinished tasks that came in with them. These tasks count as imported
/// so, not as changed by gad.
async fn release_departed(cx: &Context, record: &Record) {
    let released = async {
        let tasks = record.tasks_of_departed().await?;
        app::dispatch::release_departed(cx).await?;
        record.renew_digests(&tasks).await
    };
    if let Err(error) = released.await {
        out::notice(format_args!(
            "gad: warning: departed officers are not taken off their tasks, which gad serve does: {error:#}"
        ));
    }
}

/// Says what an import that broke off has done.
async fn interrupted(cx: Option<&Context>, report: &Report, error: anyhow::Error) -> anyhow::Error {
    let Some(cx) = cx else { return error };
    if let Err(unwritten) = leave_a_line(cx, report, Ending::Interrupted).await {
        out::notice(format_args!("gad: warning: the interrupted import leaves no audit line: {unwritten:#}"));
    }
    error.context("the import broke off; whole batches that had come in stay, and a second run brings in the rest")
}
