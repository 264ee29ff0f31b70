//! The chain over `audit_logs`, its checkpoints and their keys.

use async_trait::async_trait;
use domain::AuditLine;
use domain::audit::{ChainHead, Frontier, KeyStatement, Link, Signed};
use uuid::Uuid;

use crate::{Error, Result};

/// What stands in the record of a linked line.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// The line.
    Line(Box<AuditLine>),
    /// A row that holds what no program of ours writes, and what that is.
    Unreadable(String),
    /// Nothing.
    Nothing,
}

impl Kept {
    /// What a store found when it read the row of a line; nothing when there is none.
    pub fn of(read: Option<Result<AuditLine>>) -> Self {
        match read {
            None => Self::Nothing,
            Some(Ok(line)) => Self::Line(Box::new(line)),
            Some(Err(error)) => {
                // With what is behind it.
                let source = std::error::Error::source(&error);
                Self::Unreadable(source.map_or_else(|| error.to_string(), ToString::to_string))
            }
        }
    }
}

/// A signature as it is stored.
///
/// # Errors
/// `Internal` when these are not 64 bytes.
pub fn signature(table: &'static str, field: &'static str, bytes: Vec<u8>) -> Result<[u8; 64]> {
    <[u8; 64]>::try_from(bytes).map_err(|_| Error::unreadable(table, field, "no signature"))
}

/// A link, and what stands in the record of its line.
#[derive(Debug, Clone, PartialEq)]
pub struct Chained {
    /// The place.
    pub link: Link,
    /// The line.
    pub kept: Kept,
}

/// A stretch of `audit_logs`, looked at for rows that are neither linked nor waiting for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strays {
    /// Last row that was looked at; none when there was none.
    pub last: Option<i64>,
    /// Numbers of such rows, and their numbers for the outside.
    pub found: Vec<(i64, Uuid)>,
}

/// A checkpoint, and the tree that it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// Number.
    pub number: i64,
    /// The words and their signature.
    pub signed: Signed,
    /// From which the next one goes on. It proves itself: its root is the one that was signed.
    pub tree: Frontier,
}

/// The chain. What stands in it is never changed or removed: the schema refuses it.
#[async_trait]
pub trait AuditChainRepo: Send {
    /// At most `limit` links after number `after`, in order.
    async fn links(&mut self, after: i64, limit: u32) -> Result<Vec<Link>>;
    /// The same with what stands in the record of their lines.
    async fn chained(&mut self, after: i64, limit: u32) -> Result<Vec<Chained>>;
    /// The link of a row of `audit_logs`.
    async fn link_of(&mut self, line: i64) -> Result<Option<Link>>;
    /// The end of the chain.
    async fn head(&mut self) -> Result<ChainHead>;
    /// Lines that have no place yet.
    async fn waiting(&mut self) -> Result<u64>;
    /// Looks at `limit` rows of `audit_logs` after number `after`.
    async fn strays(&mut self, after: i64, limit: u32) -> Result<Strays>;
    /// Lets nobody else add a checkpoint or a key until the end of this transaction.
    async fn take_turn(&mut self) -> Result<()>;
    /// The last checkpoint.
    async fn last_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>>;
    /// At most `limit` checkpoints after number `after`, in order.
    async fn checkpoints(&mut self, after: i64, limit: u32) -> Result<Vec<Signed>>;
    /// Adds one.
    async fn push_checkpoint(&mut self, checkpoint: &StoredCheckpoint, lines: i64) -> Result<()>;
    /// All keys, oldest first.
    async fn keys(&mut self) -> Result<Vec<KeyStatement>>;
    /// Adds one.
    async fn push_key(&mut self, number: i64, key: &KeyStatement) -> Result<()>;
}
