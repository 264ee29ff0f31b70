//! How one line holds the one before.

use super::Hash;
use crate::Time;

/// Begins a leaf of the Merkle tree (RFC 6962 §2.1).
const LEAF: &[u8] = &[0];
/// Begins a link of the chain, so that none can be taken for a leaf or a node.
const LINK: &[u8] = &[2];

/// The place of one line in the chain. It stays when the line itself is removed after its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// From 1, without a gap.
    pub number: i64,
    /// Number of the row in `audit_logs`.
    pub line: i64,
    /// Hash of the line.
    pub line_hash: Hash,
    /// Until when the line must be there.
    pub retain_until: Time,
    /// Hash of this leaf and of the chain before it.
    pub chain: Hash,
}

/// The end of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainHead {
    /// Lines in it.
    pub number: i64,
    /// Its last hash.
    pub chain: Hash,
}

impl Link {
    /// What the Merkle tree has of the line.
    pub fn leaf(&self) -> Hash {
        leaf(self.line_hash, self.retain_until)
    }
}

fn leaf(line_hash: Hash, retain_until: Time) -> Hash {
    // How long the line must stay is under the hash: otherwise whoever changed that could remove it.
    Hash::of(&[LEAF, &retain_until.timestamp_micros().to_be_bytes(), line_hash.bytes()])
}

impl ChainHead {
    /// Before the first line.
    pub const START: Self = Self { number: 0, chain: Hash::ZERO };

    /// What the chain's hash becomes with one more leaf.
    pub fn with(&self, leaf: Hash) -> Hash {
        Hash::of(&[LINK, self.chain.bytes(), leaf.bytes()])
    }

    /// Links a line after the end, which moves on.
    pub fn link(&mut self, line: i64, line_hash: Hash, retain_until: Time) -> Link {
        self.chain = self.with(leaf(line_hash, retain_until));
        self.number += 1;
        Link { number: self.number, line, line_hash, retain_until, chain: self.chain }
    }
}

impl From<&Link> for ChainHead {
    fn from(link: &Link) -> Self {
        Self { number: link.number, chain: link.chain }
    }
}
