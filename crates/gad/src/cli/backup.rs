//! `gad backup` and `gad restore`.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use app::Actor;
use chrono::TimeDelta;
use clap::Args;
use domain::{Clock as _, Rng as _};
use indicatif::ProgressBar;

use crate::backup::{self, Backup};
use crate::clock::{SystemClock, SystemRng};
use crate::compose;
use crate::config::Settings;
use crate::out::{self, Rows};

/// What a restore asks to be typed, as GRUPO_GAD's did.
const CONFIRMATION: &str = "RESTAURAR";

/// Where to copy to.
#[derive(Args)]
pub struct BackupOptions {
    /// Directory of the backups; made when it is not there.
    #[arg(long, env = "BACKUP_DIR", default_value = "backups")]
    dir: PathBuf,
    /// Afterwards remove backups older than this many days, but never the new one.
    #[arg(long, env = "RETENTION_DAYS", value_parser = clap::value_parser!(i64).range(1..=3650))]
    keep_days: Option<i64>,
    /// Only list the backups that are there.
    #[arg(long)]
    list: bool,
    /// As JSON, for scripts.
    #[arg(long)]
    json: bool,
}

/// What to put in the record's place.
#[derive(Args)]
pub struct RestoreOptions {
    /// The backup: the file that ends in `.gz`, with `.sha256` and `.meta` beside it.
    file: PathBuf,
    /// Only say whether it is whole.
    #[arg(long)]
    verify_only: bool,
    /// The word that is asked for, where nobody is there to type it.
    #[arg(long, value_name = "WORD")]
    confirm: Option<String>,
}

fn spinner(message: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(message);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Copies the record while it is in use, or lists copies.
pub async fn backup(settings: &Settings, options: BackupOptions) -> Result<()> {
    if options.list {
        return list(&options);
    }
    let bar = spinner("copying the record");
    let now = SystemClock.now();
    let taken = backup::take(&settings.record, &options.dir, now).await?;
    let name = taken.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let audited = compose::leave_line(settings, async |cx| {
        let actor = Actor::operator(SystemRng.uuid().to_string(), "backup");
        app::backup::taken(cx, &actor, &name, taken.meta.size_bytes, &taken.meta.sha256).await
    });
    let audited = audited.await;
    bar.finish_and_clear();
    if let Err(error) = audited {
        // The copy is whole; schedulers must not take it for a failure.
        out::notice(format_args!("gad: warning: the backup was taken, but leaves no audit line: {error:#}"));
    }
    if options.json {
        out::document(format_args!("{}\n", line(&taken)))?;
    } else {
        out::line(format_args!("{} written, {}", taken.file.display(), indicatif::HumanBytes(taken.meta.size_bytes)))?;
    }
    if let Some(days) = options.keep_days {
        let old = backup::list(&options.dir)?.into_iter();
        for old in old.filter(|old| old.meta.timestamp < now - TimeDelta::days(days) && old.file != taken.file) {
            backup::remove(&old)?;
            out::notice(format_args!("{} removed: older than {days} days", old.file.display()));
        }
    }
    Ok(())
}

fn line(backup: &Backup) -> serde_json::Value {
    serde_json::json!({ "file": backup.file, "meta": backup.meta })
}

fn list(options: &BackupOptions) -> Result<()> {
    let found = backup::list(&options.dir)?;
    if options.json {
        for backup in &found {
            out::document(format_args!("{}\n", line(backup)))?;
        }
        return Ok(());
    }
    if found.is_empty() {
        out::line(format_args!("no backups in {} yet: `gad backup` makes one", options.dir.display()))?;
        return Ok(());
    }
    let mut table = Rows::new(["taken", "engine", "database", "schema", "size", "file"]);
    for backup in found {
        table.add([
            backup.meta.timestamp.format("%Y-%m-%d %H:%M:%SZ").to_string(),
            backup.meta.engine,
            backup.meta.database,
            backup.meta.schema.to_string(),
            indicatif::HumanBytes(backup.meta.size_bytes).to_string(),
            backup.file.display().to_string(),
        ]);
    }
    out::document(format_args!("{table}\n"))?;
    Ok(())
}

/// Checks a backup and puts it in the place of the record.
pub async fn restore(settings: &Settings, options: RestoreOptions) -> Result<()> {
    let bar = spinner("checking the backup");
    let meta = backup::verify(&options.file).await?;
    bar.finish_and_clear();
    let taken = meta.timestamp.format("%Y-%m-%d %H:%M:%SZ");
    out::line(format_args!("{} is whole: {} {}, taken {taken}", options.file.display(), meta.engine, meta.database))?;
    if options.verify_only {
        return Ok(());
    }
    let place = match &settings.record.database_url {
        Some(url) => store_pg::redact(url),
        None => settings.record.data_dir.display().to_string(),
    };
    confirm(&place, options.confirm.as_deref())?;
    let bar = spinner("restoring");
    let restored = backup::restore(&settings.record, &options.file, &meta, SystemClock.now()).await?;
    let store = compose::store(settings, false).await?;
    let (cx, _pool) = compose::office(settings, store.clone()).await?;
    let actor = Actor::operator(SystemRng.uuid().to_string(), "restore");
    let name = options.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    app::backup::restored(&cx, &actor, &name, &meta.sha256).await?;
    let epoch = store.epoch().await?;
    let violations = store.read().await?.invariants().violations().await?;
    store.close().await;
    bar.finish_and_clear();
    if !violations.is_empty() {
        let count = violations.len();
        out::notice(format_args!("{count} row(s) of the backup contradict others: `gad doctor` names them"));
    }
    out::line(format_args!("{place} holds the record of {taken} again, in epoch {epoch}"))?;
    if let Some(owner) = restored.owner {
        out::line(format_args!("its tables belong to role {owner}"))?;
    }
    if let Some(kept) = restored.kept {
        out::line(format_args!("the record before it is kept as {}", kept.display()))?;
    }
    Ok(())
}

fn confirm(place: &str, given: Option<&str>) -> Result<()> {
    let typed = match given {
        Some(word) => word.to_owned(),
        None if std::io::stdin().is_terminal() => {
            out::prompt(format_args!("The record in {place} will be replaced. Type {CONFIRMATION} to go on: "));
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).context("nothing was typed")?;
            line.trim().to_owned()
        }
        None => bail!("the record in {place} would be replaced: say so with --confirm {CONFIRMATION}"),
    };
    if typed == CONFIRMATION { Ok(()) } else { bail!("'{typed}' is not {CONFIRMATION}: nothing was changed") }
}
