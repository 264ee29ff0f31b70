//! `arriendos`: work that one process at a time does.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::Time;
use domain::lease::{Lease, LeaseName};
use serde_json::Value;
use uuid::Uuid;

use crate::Result;

/// Leases. Deadlines are durations from one clock: where several processes share a record, that of the
/// database, and `now` is not looked at; where one process has it, that process's `now`. A deadline
/// further ahead than the lease lasts was written by a wrong clock, and counts as expired. What must not
/// be done twice is fenced besides: it is a change that checks the holder itself.
#[async_trait]
pub trait LeaseRepo: Send {
    /// Takes a lease that is free or expired for the time `lasts`, or prolongs one that `holder` has;
    /// gives it as it then is. `None` when another process has it. The datum stays from holder to holder.
    async fn acquire(&mut self, name: LeaseName, holder: Uuid, now: Time, lasts: TimeDelta) -> Result<Option<Lease>>;
    /// Whether `holder` has a lease.
    async fn is_held(&mut self, name: LeaseName, holder: Uuid, now: Time) -> Result<bool>;
    /// Keeps a datum, unless `holder` has not the lease: then it gives `false`. Nobody else
    /// takes the lease until the end of the transaction.
    async fn note(&mut self, name: LeaseName, holder: Uuid, now: Time, datum: &Value) -> Result<bool>;
    /// Gives a lease up, if `holder` has it; the datum stays.
    async fn release(&mut self, name: LeaseName, holder: Uuid) -> Result<()>;
    /// As it is now, expired or not.
    async fn by_name(&mut self, name: LeaseName) -> Result<Option<Lease>>;
}
