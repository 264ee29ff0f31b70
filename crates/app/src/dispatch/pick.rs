//! Picking one officer for good: the row stays locked until the transaction ends.

use std::collections::HashSet;

use domain::dispatch::{Criteria, Nearby};
use domain::{Availability, OfficerId, Time};
use store::Tx;

use crate::Result;

/// How many of the nearest are looked at first.
const FIRST_BATCH: u32 = 16;

/// The nearest officer who meets the criteria and whom no other transaction holds, locked.
///
/// Officers whom somebody else is just taking are passed over, never waited for. One row is
/// locked at a time, so racing emergencies do not hide free officers from each other.
pub(super) async fn pick(tx: &mut dyn Tx, criteria: &Criteria, now: Time) -> Result<Option<Nearby>> {
    let mut tried: HashSet<OfficerId> = HashSet::new();
    let mut limit = FIRST_BATCH;
    loop {
        let batch = tx.geo().nearest_eligible(criteria, now, limit).await?;
        let size = batch.len();
        for candidate in batch {
            if !tried.insert(candidate.officer.id) {
                continue;
            }
            // What was read before the lock may be old; what the lock gives is not.
            if let Some(officer) = tx.officers().try_lock(candidate.officer.id).await?
                && officer.availability == Availability::Available
            {
                return Ok(Some(Nearby { officer, ..candidate }));
            }
        }
        if size < limit as usize {
            return Ok(None);
        }
        limit = limit.saturating_mul(4);
    }
}
