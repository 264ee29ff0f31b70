//! The tasks that a user answers for, counted.

use std::ops::RangeInclusive;
use std::time::Duration;

use bus::Lookup;
use chrono::TimeDelta;
use domain::{Time, UserId};
use serde::{Deserialize, Serialize};
use store::stats::UserStats;

use crate::policy::{self, Permission};
use crate::{Actor, Context, Error, Kind, Result};

/// How long figures are kept (contract §7.1).
const TTL: Duration = Duration::from_secs(300);

/// Days that a report may look back.
pub const PERIOD: RangeInclusive<u16> = 1..=365;

/// Counts of the tasks that a user answers for and that were made in the last `days` days.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UserReport {
    /// Who.
    pub user: UserId,
    /// How far it looks back.
    pub days: u16,
    /// By state.
    pub counts: Counts,
    /// Mean hours of the finished ones; 0 without any.
    pub mean_hours: f64,
    /// Finished ones a day.
    pub finished_a_day: f64,
    /// When it was counted.
    pub at: Time,
}

/// Tasks by state.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Counts {
    /// All.
    pub total: i64,
    /// `finalizada`.
    pub finished: i64,
    /// `en_curso`.
    pub in_progress: i64,
    /// `programada`.
    pub scheduled: i64,
    /// `cancelada`.
    pub cancelled: i64,
    /// `pausada`.
    pub paused: i64,
}

/// Where a report comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Whether it was counted before.
    pub hit: bool,
    /// `database`, or the name of the cache.
    pub source: &'static str,
    /// Its key in the cache.
    pub key: String,
}

/// The report on oneself, or on anybody for a supervisor; at most five minutes old unless
/// `use_cache` is off.
///
/// # Errors
/// `Invalid` for days outside of [`PERIOD`].
pub async fn of_user(
    cx: &Context,
    actor: &Actor,
    user: UserId,
    days: u16,
    use_cache: bool,
) -> Result<(UserReport, Origin)> {
    policy::may_see_statistics(actor, user, Permission::ViewTeamMetrics)?;
    if !PERIOD.contains(&days) {
        return Err(Error::invalid("days", "must lie between 1 and 365"));
    }
    let key = format!("stats:user:{user}:days:{days}");
    // Before counting: a change that comes meanwhile must not find its figures overwritten.
    let Lookup { value, generation } = cx.bus.cache.get(&key).await;
    // What cannot be read is as if it were not there: the cache is never the truth.
    let cached = value.filter(|_| use_cache).and_then(|text| serde_json::from_str(&text).ok());
    if let Some(report) = cached {
        return Ok((report, Origin { hit: true, source: cx.bus.cache.source(), key }));
    }
    let report = count(cx, user, days).await?;
    if let (Ok(text), Some(generation)) = (serde_json::to_string(&report), generation) {
        cx.bus.cache.put(&key, &generation, text, TTL).await;
    }
    Ok((report, Origin { hit: false, source: "database", key }))
}

async fn count(cx: &Context, user: UserId, days: u16) -> Result<UserReport> {
    let now = cx.clock.now();
    let mut tx = cx.store.read().await?;
    if tx.users().by_id(user).await?.is_none() {
        return Err(Error::not_found(Kind::User, user));
    }
    let stats = tx.stats().of_user(user, now - TimeDelta::days(i64::from(days))).await?;
    Ok(report(user, days, &stats, now))
}

fn report(user: UserId, days: u16, stats: &UserStats, now: Time) -> UserReport {
    let two_decimals = |value: f64| (value * 100.0).round() / 100.0;
    #[expect(clippy::cast_precision_loss, reason = "counts of tasks stay below 2^53")]
    let finished = stats.finished as f64;
    UserReport {
        user,
        days,
        counts: Counts {
            total: stats.total,
            finished: stats.finished,
            in_progress: stats.in_progress,
            scheduled: stats.scheduled,
            cancelled: stats.cancelled,
            paused: stats.paused,
        },
        mean_hours: two_decimals(stats.mean_hours.unwrap_or(0.0)),
        finished_a_day: two_decimals(finished / f64::from(days)),
        at: now,
    }
}
