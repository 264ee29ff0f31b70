//! Where an officer has been.

use chrono::TimeDelta;
use domain::position::TrackPoint;
use domain::{OfficerId, Time};
use store::position::TrackSpan;

use crate::audit::{Reading, leave_reading};
use crate::policy::{self, Permission};
use crate::{Actor, Context, Error, Kind, Result};

/// Most reports of one answer.
pub const MOST: u32 = 10_000;

/// Which part of a track.
#[derive(Debug, Clone, Copy, Default)]
pub struct TrackQuery {
    /// Measured at or after this time; 24 hours before `to` when absent.
    pub from: Option<Time>,
    /// Measured before this time; until now when absent.
    pub to: Option<Time>,
    /// Every report, the newest first to be given, instead of a thinned track of the whole span.
    pub complete: bool,
}

/// A track.
#[derive(Debug, Clone)]
pub struct Track {
    /// Reports, oldest first.
    pub points: Vec<TrackPoint>,
    /// How many there are in the span.
    pub total: u64,
    /// Of a track that was cut: the end of the span that holds the rest.
    pub rest_before: Option<Time>,
}

/// Reports of an officer, oldest first, at most [`MOST`]; the last 24 hours where no bounds are given.
/// Of more than these a thinned track of the whole span is given, or, when all are asked for, the
/// newest ones. One's own, or anybody's for level 2.
pub async fn track(cx: &Context, actor: &Actor, officer: OfficerId, query: TrackQuery) -> Result<Track> {
    let TrackQuery { from, to, complete } = query;
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
    let total = tx.positions().count(officer, from, to).await?;
    let every = if complete { 1 } else { total.div_ceil(u64::from(MOST)).max(1) };
    let points = tx.positions().track(officer, TrackSpan { from, to, limit: MOST, every }).await?;
    drop(tx);
    let is_cut = every == 1 && (points.len() as u64) < total;
    let rest_before = points.first().filter(|_| is_cut).map(|oldest| oldest.position.measured_at);
    if actor.officer() != Some(officer) {
        let reading = Reading::of_one("efectivo", officer).filter("desde", asked.0).filter("hasta", asked.1);
        leave_reading(cx, actor, reading, points.len()).await?;
    }
    Ok(Track { points, total, rest_before })
}
