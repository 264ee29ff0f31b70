//! Where an officer has been.

use chrono::TimeDelta;
use domain::{OfficerId, Position, Time};

use crate::audit::{Reading, leave_reading};
use crate::policy::{self, Permission};
use crate::{Actor, Context, Error, Kind, Result};

/// Most reports of one answer.
const MOST: u32 = 10_000;

/// Reports of an officer measured in `from..to`, oldest first, at most 10,000; the last 24 hours
/// where no bounds are given. One's own, or anybody's for level 2.
pub async fn track(
    cx: &Context,
    actor: &Actor,
    officer: OfficerId,
    from: Option<Time>,
    to: Option<Time>,
) -> Result<Vec<Position>> {
    if actor.officer() != Some(officer) {
        policy::require(actor, Permission::ViewPeople)?;
    }
    let asked = (from.map(|from| from.to_rfc3339()), to.map(|to| to.to_rfc3339()));
    // A device's clock may run ahead of ours, so "now" reaches a little further.
    let to = to.unwrap_or_else(|| cx.clock.now() + domain::position::CLOCK_SKEW);
    let from = from.unwrap_or(to - TimeDelta::hours(24));
    if from >= to {
        return Err(Error::invalid("hasta", "must be after desde"));
    }
    let mut tx = cx.store.read().await?;
    if tx.officers().by_id(officer).await?.is_none() {
        return Err(Error::not_found(Kind::Officer, officer));
    }
    let track = tx.positions().track(officer, from, to, MOST).await?;
    drop(tx);
    if actor.officer() != Some(officer) {
        let reading = Reading::of_one("efectivo", officer).filter("desde", asked.0).filter("hasta", asked.1);
        leave_reading(cx, actor, reading, track.len()).await?;
    }
    Ok(track)
}
