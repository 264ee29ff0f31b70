//! `gad audit`.

mod key;
mod verify;

use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use app::{Actor, Context};
use clap::{Args, Subcommand};
use domain::Rng as _;
use domain::audit::Break;
use indicatif::{ProgressBar, ProgressStyle};

use crate::audit::Item;
use crate::backup::make_file;
use crate::clock::SystemRng;
use crate::compose;
use crate::config::Settings;
use crate::out;

/// The record does not prove itself.
#[derive(Debug, thiserror::Error)]
#[error("the audit does not hold: {0}")]
pub struct Broken(pub Break);

/// What is done with the proof over the audit.
#[derive(Subcommand)]
pub enum Command {
    /// Walks along the whole chain and says where it breaks first; ends with 6 when it does.
    #[command(after_help = "Examples:\n  gad audit verify\n  \
        gad audit verify --from auditoria.jsonl --public-key 3b6a…\n  \
        gad audit verify --checkpoint punto-de-enero.jsonl\n  \
        gad audit verify --inclusion 7d4c7d8e-5c1f-4d0e-9d0b-1f2e3d4c5b6a")]
    Verify(Box<verify::Options>),
    /// Signs how far the chain has come and prints it, to be kept elsewhere.
    Checkpoint,
    /// Writes keys, checkpoints and all lines, for `gad audit verify --from`.
    Export(ExportOptions),
    /// Keys that sign checkpoints.
    Key {
        #[command(subcommand)]
        command: key::Command,
    },
}

/// Where an export goes.
#[derive(Args)]
pub struct ExportOptions {
    /// The file, which must not exist.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Does it.
pub async fn audit(settings: &Settings, command: Command) -> Result<()> {
    match command {
        Command::Verify(options) => verify::verify(settings, options).await,
        Command::Checkpoint => checkpoint(settings).await,
        Command::Export(options) => export(settings, options).await,
        Command::Key { command } => key::key(settings, command).await,
    }
}

fn operator(what: &str) -> Actor {
    Actor::operator(SystemRng.uuid().to_string(), what)
}

fn bar(length: u64, what: &'static str) -> Result<ProgressBar> {
    if !std::io::stderr().is_terminal() {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{msg:18} {bar:40} {pos}/{len} {elapsed}")?;
    Ok(ProgressBar::new(length).with_style(style).with_message(what))
}

fn count(number: i64) -> u64 {
    number.unsigned_abs()
}

async fn head(cx: &Context) -> Result<i64> {
    Ok(cx.store.read().await?.audit_chain().head().await?.number)
}

async fn checkpoint(settings: &Settings) -> Result<()> {
    let store = compose::store(settings, false).await?;
    let (cx, _pool) = compose::office(settings, store.clone()).await?;
    app::audit::seal(&cx).await?;
    let actor = operator("audit checkpoint");
    while app::audit::checkpoint(&cx, &actor).await?.is_some() {}
    let last = cx.store.read().await?.audit_chain().last_checkpoint().await?;
    store.close().await;
    let last = last.context("there is no audit line to sign yet")?;
    out::document(format_args!("{}\n", serde_json::to_string(&Item::checkpoint(&last.signed))?))?;
    Ok(())
}

async fn export(settings: &Settings, options: ExportOptions) -> Result<()> {
    let warning = "lines without a place in the chain are not in the export";
    compose::leave_line_or_warn(settings, warning, async |cx| app::audit::seal(cx).await.map(drop)).await?;
    let store = compose::reading(settings).await?;
    let (cx, _pool) = compose::looking(settings, store.clone()).await?;
    let mut to = BufWriter::new(make_file(&options.out)?);
    let bar = bar(count(head(&cx).await?), "exporting")?;
    let lines = crate::audit::write(&cx, &mut to, |done| bar.set_position(count(done))).await?;
    to.flush()?;
    to.get_ref().sync_all()?;
    store.close().await;
    bar.finish_and_clear();
    let actor = operator("audit export");
    compose::leave_line_or_warn(settings, "the export leaves no audit line", async |cx| {
        app::audit::exported(cx, &actor, lines).await
    })
    .await?;
    out::notice(format_args!("{lines} lines written"));
    Ok(())
}
