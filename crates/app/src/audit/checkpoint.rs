//! Checkpoints: how far the chain has come, signed.

use std::time::Duration;

use domain::audit::{ChainHead, Frontier, Signed};
use resilience::CancellationToken;
use store::audit_chain::StoredCheckpoint;

use super::LastCheckpoint;
use super::key::{SignError, in_force};
use crate::{Actor, Context, Result};

/// Links read at once.
const PART: u32 = 1000;
/// Most lines that one checkpoint adds to the one before.
const MOST: u64 = 20_000;
/// Between two looks whether one is due.
const LOOK: Duration = Duration::from_secs(2);
/// Pause after one could not be signed.
const PAUSE: Duration = Duration::from_secs(30);

/// Signs how far the chain has come, as far as one checkpoint goes. Gives none when the last one
/// covers all lines, or another replica was faster.
pub async fn make(cx: &Context, actor: &Actor) -> Result<Option<Signed>, SignError> {
    let mut tx = cx.store.read().await?;
    let last = tx.audit_chain().last_checkpoint().await?;
    let (mut tree, mut head) = start(last.as_ref())?;
    // What is linked never changes, so it is added up before anybody waits for it.
    let begun = tree.size();
    while tree.size() - begun < MOST {
        let links = tx.audit_chain().links(head.number, PART).await?;
        for link in &links {
            let leaf = link.leaf();
            if link.number != head.number + 1 || link.chain != head.with(leaf) {
                return Err(SignError::Broken(format!("line {} does not follow from the one before", link.number)));
            }
            tree.add(leaf);
            head = ChainHead::from(link);
        }
        if links.is_empty() {
            break;
        }
    }
    drop(tx);
    if tree.size() == begun {
        return Ok(None);
    }
    let mut tx = cx.store.write().await?;
    tx.audit_chain().take_turn().await?;
    let newest = tx.audit_chain().last_checkpoint().await?;
    if newest.as_ref().map(|newest| newest.number) != last.as_ref().map(|last| last.number) {
        return Ok(None);
    }
    let key = in_force(cx, actor, &mut *tx).await?;
    let signed = Signed::next(last.as_ref().map(|last| &last.signed), &tree, head, &key, cx.clock.now());
    let number = last.map_or(0, |last| last.number) + 1;
    let checkpoint = StoredCheckpoint { number, signed: signed.clone(), tree };
    tx.audit_chain().push_checkpoint(&checkpoint, head.number).await?;
    tx.commit().await?;
    Ok(Some(signed))
}

/// From where the next checkpoint goes on: what the last one signed.
fn start(last: Option<&StoredCheckpoint>) -> Result<(Frontier, ChainHead), SignError> {
    let Some(last) = last else { return Ok((Frontier::default(), ChainHead::START)) };
    let checkpoint = last.signed.checkpoint().filter(|checkpoint| checkpoint.root == last.tree.root());
    let broken = || SignError::Broken(format!("checkpoint {} is not what was signed", last.number));
    let checkpoint = checkpoint.ok_or_else(broken)?;
    Ok((last.tree.clone(), ChainHead { number: checkpoint.lines, chain: checkpoint.chain }))
}

/// Signs whenever enough lines, or some lines for long enough, are not under a checkpoint.
pub async fn sign_on(cx: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match look(&cx).await {
            Ok(()) => LOOK,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "no checkpoint of the audit was signed");
                PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn look(cx: &Context) -> Result<(), SignError> {
    while is_due(cx).await? {
        let actor = Actor::system(cx.rng.uuid().to_string(), "audit-checkpoint");
        if make(cx, &actor).await?.is_none() {
            break;
        }
    }
    Ok(())
}

/// Looks how the chain stands, and whether it is time for a checkpoint.
async fn is_due(cx: &Context) -> Result<bool> {
    let mut tx = cx.store.read().await?;
    let (head, waiting) = (tx.audit_chain().head().await?, tx.audit_chain().waiting().await?);
    let last = tx.audit_chain().last_checkpoint().await?;
    let last = last.and_then(|last| last.signed.checkpoint());
    let last = last.map(|last| LastCheckpoint { number: last.number, lines: last.lines, at: last.at });
    cx.audit.note(|state| {
        state.lines = head.number;
        state.waiting = waiting;
        state.checkpoint = last;
    });
    let open = head.number - last.map_or(0, |last| last.lines);
    let settings = &cx.settings.audit;
    let is_old = last.is_none_or(|last| cx.clock.now() - last.at >= settings.checkpoint_age);
    Ok(open >= settings.checkpoint_lines || (open > 0 && is_old))
}
