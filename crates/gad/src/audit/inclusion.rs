//! The proof that one line is in the record that a checkpoint signed.

use anyhow::{Context, Result, bail};
use domain::audit::{Content, Entry, Hash, KeyStatement, Keys, PublicKey, Signed, proof, root_by_proof};
use serde::Serialize;
use uuid::Uuid;

/// What shows, to whoever has the line and the public key, that the line is under a checkpoint.
#[derive(Debug, Serialize)]
pub struct Proof {
    /// The line.
    pub event_id: Uuid,
    /// Its place in the chain; in the tree it stands at one less.
    pub numero: i64,
    /// SHA-256 of the line's canonical text.
    pub huella: Hash,
    /// Until when the line is kept, which is in the leaf.
    pub retencion: String,
    /// The leaf.
    pub hoja: Hash,
    /// Audit path, nearest first (RFC 6962).
    pub camino: Vec<Hash>,
    /// Lines under the checkpoint.
    pub lineas: i64,
    /// What was signed.
    pub texto: String,
    /// Ed25519 over `texto`, hexadecimal.
    pub firma: String,
    /// The key that signed, hexadecimal.
    pub publica: String,
}

/// Proves that `entry` is under the first checkpoint that reaches it. `leaves` are those of all
/// lines up to that checkpoint, or more.
///
/// # Errors
/// What does not hold.
pub fn prove(
    entry: &Entry,
    leaves: &[Hash],
    keys: &[KeyStatement],
    trusted: Option<&PublicKey>,
    checkpoints: &[Signed],
) -> Result<Proof> {
    let link = &entry.link;
    let Content::Kept(hash, event_id) = &entry.content else { bail!("the line is not there to be proved") };
    if *hash != link.line_hash {
        bail!("line {} was changed: it is not what was linked", link.number);
    }
    let known = Keys::check(keys, trusted).map_err(anyhow::Error::msg).context("the keys do not hold")?;
    let reaching = checkpoints.iter().find_map(|signed| {
        let checkpoint = signed.checkpoint().filter(|checkpoint| checkpoint.lines >= link.number)?;
        Some((signed, checkpoint))
    });
    let (signed, checkpoint) = reaching.with_context(|| {
        format!("line {} is under no checkpoint yet: `gad audit checkpoint` makes one", link.number)
    })?;
    let key = known.place(&checkpoint.key).and_then(|place| known.at(place)).context("its key is not known")?;
    if !key.has_signed(&signed.text, &signed.signature) {
        bail!("the signature of checkpoint {} does not hold", checkpoint.number);
    }
    let size = usize::try_from(checkpoint.lines)?;
    let place = usize::try_from(link.number - 1)?;
    let under = leaves.get(..size).context("lines of the checkpoint are missing")?;
    let path = proof(under, place).context("the line is not in the tree")?;
    let root = root_by_proof(link.leaf(), place as u64, size as u64, &path);
    if root != Some(checkpoint.root) {
        bail!("line {} is not among those that checkpoint {} signed", link.number, checkpoint.number);
    }
    Ok(Proof {
        event_id: *event_id,
        numero: link.number,
        huella: link.line_hash,
        retencion: domain::audit::instant(link.retain_until),
        hoja: link.leaf(),
        camino: path,
        lineas: checkpoint.lines,
        texto: signed.text.clone(),
        firma: hex::encode(signed.signature),
        publica: key.to_string(),
    })
}
