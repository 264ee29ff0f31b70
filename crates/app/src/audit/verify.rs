//! The walk along the chain.

use std::time::Duration;

use domain::audit::{AuditKey, Content, Entry, KeyId, KeyStatement, PublicKey, Signed, Verification, Verifier};
use resilience::CancellationToken;
use store::audit_chain::{Chained, Kept};

use super::Verified;
use crate::{Context, Result};

/// Checkpoints read at once.
const CHECKPOINTS: u32 = 500;
/// Rows looked at at once for being out of the chain.
const ROWS: u32 = 2000;
/// Between two walks of a serving office.
const REST: Duration = Duration::from_secs(600);

/// How to walk.
pub struct Walk<'a> {
    /// The key that is trusted; this process's own when none is given.
    pub trusted: Option<PublicKey>,
    /// Checkpoints that were kept elsewhere.
    pub held: &'a [Signed],
    /// Lines read at once.
    pub part: u32,
    /// Pause after each of these parts, so that others get their turn.
    pub pause: Duration,
}

impl Default for Walk<'_> {
    fn default() -> Self {
        Self { trusted: None, held: &[], part: 1000, pause: Duration::ZERO }
    }
}

/// Walks along the whole chain and finds where it breaks first. `progress` hears how many lines
/// are done.
pub async fn verify(cx: &Context, walk: Walk<'_>, progress: impl Fn(i64) + Send) -> Result<Verification> {
    let keys = cx.store.read().await?.audit_chain().keys().await?;
    let checkpoints = all_checkpoints(cx).await?;
    let trusted = walk.trusted.or_else(|| own_key(cx, &keys));
    let mut verifier = Verifier::new(cx.clock.now(), &keys, trusted.as_ref(), &checkpoints, walk.held);
    let mut after = 0;
    loop {
        let part = cx.store.read().await?.audit_chain().chained(after, walk.part).await?;
        let Some(last) = part.last() else { break };
        after = last.link.number;
        for chained in &part {
            verifier.entry(&entry(chained));
        }
        progress(after);
        tokio::time::sleep(walk.pause).await;
    }
    let mut after = 0;
    loop {
        let strays = cx.store.read().await?.audit_chain().strays(after, ROWS).await?;
        for (line, event_id) in strays.found {
            verifier.stray(line, event_id);
        }
        let Some(last) = strays.last else { break };
        after = last;
        tokio::time::sleep(walk.pause).await;
    }
    Ok(verifier.finish())
}

/// The key that this process was given and the record knows; where it knows none of them, the one
/// that signs, which nothing in the record then stands up to.
fn own_key(cx: &Context, known: &[KeyStatement]) -> Option<PublicKey> {
    // Keys that cannot be read are told by what signs with them.
    let own: Vec<PublicKey> = cx.audit.keys().unwrap_or_default().iter().map(AuditKey::public).collect();
    let known: Vec<KeyId> = known.iter().filter_map(|key| Some(key.statement()?.id)).collect();
    own.iter().find(|key| known.contains(&key.id())).or(own.first()).copied()
}

/// A linked line as the walk sees it.
pub fn entry(chained: &Chained) -> Entry {
    let content = match &chained.kept {
        Kept::Line(line) => Content::Kept(line.hash(), line.event_id),
        Kept::Unreadable(what) => Content::Unreadable(what.clone()),
        Kept::Nothing => Content::Gone,
    };
    Entry { link: chained.link, content }
}

/// All checkpoints.
pub async fn all_checkpoints(cx: &Context) -> Result<Vec<Signed>> {
    let mut all: Vec<Signed> = Vec::new();
    loop {
        let after = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let part = cx.store.read().await?.audit_chain().checkpoints(after, CHECKPOINTS).await?;
        let is_end = part.len() < usize::try_from(CHECKPOINTS).unwrap_or(usize::MAX);
        all.extend(part);
        if is_end {
            return Ok(all);
        }
    }
}

/// Walks again and again, a small part at a time, until told to stop.
pub async fn watch_on(cx: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let walk = Walk { part: 200, pause: Duration::from_millis(20), ..Walk::default() };
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            outcome = verify(&cx, walk, |_| ()) => outcome,
        };
        match outcome {
            Ok(found) => {
                if let Some(broken) = &found.broken {
                    tracing::error!(%broken, "the audit does not hold");
                }
                let at = cx.clock.now();
                cx.audit.note(|state| state.verified = Some(Verified { at, found }));
            }
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the audit was not verified"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(REST) => {}
        }
    }
}
