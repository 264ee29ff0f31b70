//! Answers to requests that may be repeated.

use async_trait::async_trait;
use domain::{Time, UserId};
use serde_json::Value;

use crate::Result;

/// Whether a key was seen before.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// New: go on, and keep the answer with [`IdempotencyRepo::keep`] before the commit.
    New,
    /// Answered before: the hash of that request, and its answer.
    Seen {
        /// SHA-256 of the first request.
        request_hash: [u8; 32],
        /// What it was answered; `None` when that can no longer be read.
        answer: Option<Value>,
    },
}

/// Answers by user and key.
#[async_trait]
pub trait IdempotencyRepo: Send {
    /// Claims a key for a request. Waits for another transaction that has claimed it and not
    /// ended yet, so that of two requests with one key exactly one is carried out. A key last
    /// claimed before `expired` counts as new.
    async fn claim(
        &mut self,
        user: UserId,
        key: &str,
        request_hash: &[u8; 32],
        at: Time,
        expired: Time,
    ) -> Result<Claim>;
    /// Keeps the answer of a request whose key was claimed in this transaction.
    async fn keep(&mut self, user: UserId, key: &str, answer: &Value) -> Result<()>;
    /// Removes keys claimed before `before`, at most 1,000; gives how many.
    async fn prune(&mut self, before: Time) -> Result<u64>;
}
