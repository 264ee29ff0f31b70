//! `audit_logs`.

use async_trait::async_trait;
use domain::audit::AuditEvent;
use domain::{AuditLine, Time, UserId};
use uuid::Uuid;

use crate::{Page, Result};

/// `resource_id` of a line about several objects. Those that it names are in its metadata under [`IDS`].
pub const SEVERAL: &str = "varios";
/// Where a line about several objects names them: a list of numbers in its metadata.
pub const IDS: &str = "ids";

/// Which lines; what is not given does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of one of these kinds.
    pub events: Vec<AuditEvent>,
    /// By this user, or on the user's behalf.
    pub user: Option<UserId>,
    /// On behalf of this user.
    pub on_behalf_of: Option<UserId>,
    /// On a thing of this kind.
    pub resource_type: Option<String>,
    /// On this one, alone or among several.
    pub resource_id: Option<String>,
    /// Not before.
    pub from: Option<Time>,
    /// Before.
    pub to: Option<Time>,
    /// Done, or refused.
    pub success: Option<bool>,
}

/// A line with its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbered {
    /// Of the row.
    pub id: i64,
    /// In the chain; none for a moment after the commit.
    pub number: Option<i64>,
    /// The line.
    pub line: AuditLine,
}

/// The audit. Lines are added and never changed: the schema refuses it.
#[async_trait]
pub trait AuditRepo: Send {
    /// Adds lines, each with its hash; its place in the chain follows, see
    /// [`crate::Store::seal`].
    async fn push(&mut self, lines: &[AuditLine]) -> Result<()>;
    /// In the order of the page, each with its number.
    async fn list(&mut self, page: Page) -> Result<Vec<(i64, AuditLine)>>;
    /// Those that a filter lets through, in the order of the page.
    async fn search(&mut self, filter: &AuditFilter, page: Page) -> Result<Vec<Numbered>>;
    /// The number of the row that has this number for the outside.
    async fn row_of(&mut self, event_id: Uuid) -> Result<Option<i64>>;
    /// Removes at most `limit` lines whose time was over at `now` and whose place in the chain is
    /// under a checkpoint; gives how many.
    async fn prune(&mut self, now: Time, limit: u32) -> Result<u64>;
}
