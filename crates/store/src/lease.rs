//! `arriendos`: work that one process at a time does.

use async_trait::async_trait;
use domain::Time;
use domain::lease::{Lease, LeaseName};
use serde_json::Value;
use uuid::Uuid;

use crate::Result;

/// Leases. Times are those of the processes; a lease is much longer than their clocks differ, and
/// what must not be done twice is fenced besides: it is a change that checks the holder itself.
#[async_trait]
pub trait LeaseRepo: Send {
    /// Takes a lease that is free or expired, or prolongs one that `holder` has; gives it as it then
    /// is. `None` when somebody else has it. The datum stays from holder to holder.
    async fn acquire(&mut self, name: LeaseName, holder: Uuid, now: Time, until: Time) -> Result<Option<Lease>>;
    /// Keeps a datum, unless `holder` has not the lease at `now`: then it gives `false`. Nobody else
    /// takes the lease until the end of the transaction.
    async fn note(&mut self, name: LeaseName, holder: Uuid, now: Time, datum: &Value) -> Result<bool>;
    /// Gives a lease up, if `holder` has it; the datum stays.
    async fn release(&mut self, name: LeaseName, holder: Uuid) -> Result<()>;
    /// As it is now, expired or not.
    async fn by_name(&mut self, name: LeaseName) -> Result<Option<Lease>>;
}
