//! `gad audit verify`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use app::Context;
use app::audit::Walk;
use clap::Args;
use domain::Clock as _;
use domain::audit::{Content, Entry, Hash, PublicKey, Signed, Verification};
use serde_json::json;
use uuid::Uuid;

use super::{Broken, bar, count, head};
use crate::audit::{self, Proof};
use crate::clock::SystemClock;
use crate::compose;
use crate::config::Settings;
use crate::out;

/// What to verify, and against what.
#[derive(Args)]
pub struct Options {
    /// An export, instead of the record.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Checkpoints that were kept elsewhere: what they signed must still be there.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// The key that is trusted; one of an office is enough to know all of its keys. Without it
    /// the record's own key is taken, or whatever keys an export brings.
    #[arg(long, value_name = "DIGITS", value_parser = PublicKey::parse)]
    public_key: Option<PublicKey>,
    /// Print the proof that this line is under a checkpoint.
    #[arg(long, value_name = "EVENT_ID")]
    inclusion: Option<Uuid>,
    /// As JSON, for scripts.
    #[arg(long)]
    json: bool,
}

/// Verifies.
pub async fn verify(settings: &Settings, options: Box<Options>) -> Result<()> {
    let held = options.checkpoint.as_deref().map(audit::held).transpose()?.unwrap_or_default();
    let (found, waiting) = match (&options.from, options.inclusion) {
        (Some(file), Some(event)) => return show(&from_file(file, event, options.public_key.as_ref())?),
        (Some(file), None) => (offline(file, &options, &held)?, 0),
        (None, inclusion) => {
            let store = compose::reading(settings).await?;
            let (cx, _pool) = compose::looking(settings, store.clone()).await?;
            let outcome = match inclusion {
                Some(event) => {
                    let proof = from_record(&cx, event, options.public_key.as_ref()).await?;
                    store.close().await;
                    return show(&proof);
                }
                None => live(&cx, &options, &held).await,
            };
            store.close().await;
            outcome?
        }
    };
    report(&found, waiting, &options)
}

async fn live(cx: &Context, options: &Options, held: &[Signed]) -> Result<(Verification, u64)> {
    let bar = bar(count(head(cx).await?), "verifying")?;
    let walk = Walk { trusted: options.public_key, held, ..Walk::default() };
    let found = app::audit::verify(cx, walk, |done| bar.set_position(count(done))).await?;
    bar.finish_and_clear();
    let waiting = cx.store.read().await?.audit_chain().waiting().await?;
    Ok((found, waiting))
}

fn offline(file: &Path, options: &Options, held: &[Signed]) -> Result<Verification> {
    let length = std::fs::metadata(file).with_context(|| format!("cannot open {}", file.display()))?.len();
    let bar = bar(length, "verifying")?;
    let now = SystemClock.now();
    let found = audit::verify(file, now, options.public_key.as_ref(), held, |done| bar.set_position(done))?;
    bar.finish_and_clear();
    if options.public_key.is_none() {
        out::notice("the keys are those of the export itself: give --public-key to hold it against one that you know");
    }
    Ok(found)
}

fn report(found: &Verification, waiting: u64, options: &Options) -> Result<()> {
    if options.json {
        let broken = found.broken.as_ref().map(|broken| {
            json!({ "motivo": broken.fault.word(), "numero": broken.number, "id": broken.line,
                "event_id": broken.event_id, "detail": broken.to_string() })
        });
        let out = json!({ "lineas": found.lines, "vencidas": found.removed, "puntos": found.checkpoints,
            "cubiertas": found.covered, "sin_sellar": count(found.lines - found.covered) + waiting, "rotura": broken });
        out::document(format_args!("{out}\n"))?;
    }
    if let Some(broken) = &found.broken {
        return Err(Broken(broken.clone()).into());
    }
    if !options.json {
        let Verification { lines, removed, checkpoints, covered, .. } = found;
        out::line(format_args!("whole: {lines} lines, {removed} of them removed after their time"))?;
        out::line(format_args!("{checkpoints} checkpoints, the last one over {covered} lines"))?;
        if waiting > 0 {
            out::line(format_args!(
                "{waiting} lines have no place in the chain yet: a serving office gives it within a second"
            ))?;
        }
    }
    Ok(())
}

fn show(proof: &Proof) -> Result<()> {
    out::document(format_args!("{}\n", serde_json::to_string_pretty(proof)?))?;
    out::notice(format_args!("proved: line {} is under a checkpoint over {} lines", proof.numero, proof.lineas));
    Ok(())
}

async fn from_record(cx: &Context, event: Uuid, trusted: Option<&PublicKey>) -> Result<Proof> {
    let unknown = || format!("no line has the event_id {event}");
    let mut tx = cx.store.read().await?;
    let row = tx.audit().row_of(event).await?.with_context(unknown)?;
    let link = tx.audit_chain().link_of(row).await?.context("the line has no place in the chain yet")?;
    let chained = tx.audit_chain().chained(link.number - 1, 1).await?;
    let entry = app::audit::entry(chained.first().with_context(unknown)?);
    let keys = tx.audit_chain().keys().await?;
    let checkpoints = app::audit::all_checkpoints(cx).await?;
    let reach = checkpoints.iter().filter_map(Signed::checkpoint).map(|checkpoint| checkpoint.lines);
    let reach = reach.into_iter().find(|lines| *lines >= link.number).unwrap_or(0);
    let mut leaves: Vec<Hash> = Vec::new();
    while leaves.len() < usize::try_from(reach)? {
        let part = tx.audit_chain().links(i64::try_from(leaves.len())?, 2000).await?;
        if part.is_empty() {
            break;
        }
        leaves.extend(part.iter().map(domain::audit::Link::leaf));
    }
    audit::prove(&entry, &leaves, &keys, trusted, &checkpoints)
}

fn from_file(file: &Path, event: Uuid, trusted: Option<&PublicKey>) -> Result<Proof> {
    let (mut leaves, mut wanted): (Vec<Hash>, Option<Entry>) = (Vec::new(), None);
    let (mut keys, mut checkpoints) = (Vec::new(), Vec::new());
    let head = |known: &[_], signed: &[_]| {
        keys = known.to_vec();
        checkpoints = signed.to_vec();
    };
    let line = |entry: Entry| {
        leaves.push(entry.link.leaf());
        if matches!(entry.content, Content::Kept(_, id) if id == event) {
            wanted = Some(entry);
        }
    };
    audit::walk(file, head, line, |_| ())?;
    let wanted = wanted.with_context(|| format!("no line has the event_id {event}"))?;
    audit::prove(&wanted, &leaves, &keys, trusted, &checkpoints)
}
