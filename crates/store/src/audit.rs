//! `audit_logs`.

use async_trait::async_trait;
use domain::AuditLine;

use crate::{Page, Result};

/// The audit. Lines are added and never changed: the schema refuses it.
#[async_trait]
pub trait AuditRepo: Send {
    /// Adds lines.
    async fn push(&mut self, lines: &[AuditLine]) -> Result<()>;
    /// In the order of the page, each with its number.
    async fn list(&mut self, page: Page) -> Result<Vec<(i64, AuditLine)>>;
}
