//! Verifying from an export alone: no record, no settings, no network.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail};
use domain::Time;
use domain::audit::{Content, Entry, KeyStatement, PublicKey, Signed, Verification, Verifier, hash_of_columns};
use serde_json::Value;
use uuid::Uuid;

use super::Item;

/// Reads an export line by line; `line` gets each entry, once all that comes before lines is read.
pub fn walk(
    file: &Path,
    mut head: impl FnMut(&[KeyStatement], &[Signed]),
    mut line: impl FnMut(Entry),
    mut progress: impl FnMut(u64),
) -> Result<()> {
    let from = File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    let (mut keys, mut checkpoints, mut lines, mut bytes) = (Vec::new(), Vec::new(), 0_u64, 0_u64);
    let mut is_export = false;
    for (place, text) in (1_u64..).zip(BufReader::with_capacity(1 << 16, from).lines()) {
        let at = || format!("{}, line {place}", file.display());
        let text = text.with_context(at)?;
        bytes += text.len() as u64 + 1;
        let item: Item = serde_json::from_str(&text).with_context(at)?;
        if let Item::Header { .. } = item {
            is_export = true;
        } else if let Some(key) = item.to_key() {
            keys.push(key.with_context(at)?);
        } else if let Some(checkpoint) = item.to_checkpoint() {
            checkpoints.push(checkpoint.with_context(at)?);
        } else if let Some(link) = item.to_link() {
            if lines == 0 {
                head(&keys, &checkpoints);
            }
            lines += 1;
            let Item::Line { linea, .. } = &item else { continue };
            line(Entry { link: link.with_context(at)?, content: content(linea.as_ref()) });
            progress(bytes);
        }
    }
    if !is_export {
        bail!("{} is no export of the audit: `gad audit export --out FILE` makes one", file.display());
    }
    if lines == 0 {
        head(&keys, &checkpoints);
    }
    Ok(())
}

fn content(line: Option<&Value>) -> Content {
    match line {
        None => Content::Gone,
        Some(line) => match line["event_id"].as_str().and_then(|id| Uuid::parse_str(id).ok()) {
            Some(event_id) => Content::Kept(hash_of_columns(line), event_id),
            None => Content::Unreadable(line.as_str().unwrap_or("it has no event_id").to_owned()),
        },
    }
}

/// Verifies an export. Lines may be gone once their time is over at `now`.
pub fn verify(
    file: &Path,
    now: Time,
    trusted: Option<&PublicKey>,
    held: &[Signed],
    progress: impl FnMut(u64),
) -> Result<Verification> {
    let verifier = std::cell::RefCell::new(None);
    walk(
        file,
        |keys, checkpoints| {
            verifier.replace(Some(Verifier::new(now, keys, trusted, checkpoints, held)));
        },
        |entry| {
            if let Some(verifier) = verifier.borrow_mut().as_mut() {
                verifier.entry(&entry);
            }
        },
        progress,
    )?;
    verifier.into_inner().map(Verifier::finish).context("nothing was read")
}

/// The checkpoints in a file: an export, or what `gad audit checkpoint` printed.
pub fn held(file: &Path) -> Result<Vec<Signed>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut held = Vec::new();
    for (place, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let at = || format!("{}, line {place}", file.display());
        let item: Item = serde_json::from_str(line).with_context(at)?;
        if let Some(checkpoint) = item.to_checkpoint() {
            held.push(checkpoint.with_context(at)?);
        }
    }
    if held.is_empty() {
        bail!("{} holds no checkpoint", file.display());
    }
    Ok(held)
}
