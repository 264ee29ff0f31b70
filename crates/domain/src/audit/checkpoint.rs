//! Signed words on how far the chain had come.

use serde::{Deserialize, Serialize};

use super::{AuditKey, ChainHead, Frontier, Hash, KeyId, rfc8785};
use crate::Time;

/// What a checkpoint says that it is.
const FORMAT: &str = "gad-audit-punto-v1";

/// A signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// What is signed, a [`Checkpoint`] as JSON by RFC 8785.
    pub text: String,
    /// Over `text`.
    pub signature: [u8; 64],
}

/// How far the chain had come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    formato: String,
    /// From 1, without a gap.
    #[serde(rename = "numero")]
    pub number: i64,
    /// Lines under it: all from the first to this one.
    #[serde(rename = "lineas")]
    pub lines: i64,
    /// Root of the Merkle tree over them.
    #[serde(rename = "raiz")]
    pub root: Hash,
    /// Hash of the chain at the last of them.
    #[serde(rename = "cadena")]
    pub chain: Hash,
    /// SHA-256 of the text of the checkpoint before; zeros for the first.
    #[serde(rename = "anterior")]
    pub previous: Hash,
    /// Who signs.
    #[serde(rename = "clave")]
    pub key: KeyId,
    /// When.
    #[serde(rename = "creado_en")]
    pub at: Time,
}

impl Signed {
    /// The checkpoint after `previous`, over a tree and a chain of the same size.
    pub fn next(previous: Option<&Self>, tree: &Frontier, head: ChainHead, key: &AuditKey, at: Time) -> Self {
        let number = previous.and_then(Self::checkpoint).map_or(0, |checkpoint| checkpoint.number) + 1;
        let checkpoint = Checkpoint {
            formato: FORMAT.to_owned(),
            number,
            lines: head.number,
            root: tree.root(),
            chain: head.chain,
            previous: previous.map_or(Hash::ZERO, Self::hash),
            key: key.public().id(),
            at,
        };
        let text = serde_json::to_value(&checkpoint).map(|value| rfc8785(&value)).unwrap_or_default();
        let signature = key.sign(&text);
        Self { text, signature }
    }

    /// The words, as far as they can be read.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        serde_json::from_str(&self.text).ok().filter(|checkpoint: &Checkpoint| checkpoint.formato == FORMAT)
    }

    /// What the next checkpoint names it by.
    pub fn hash(&self) -> Hash {
        Hash::of(&[self.text.as_bytes()])
    }
}
