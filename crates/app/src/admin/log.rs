//! What is logged, chosen while the office runs: for somebody who looks for a fault and cannot wait
//! for a restart.

use std::time::Duration;

use chrono::TimeDelta;
use domain::Time;
use domain::audit::AuditEvent;

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Kind, Result};

/// Longest filter, in characters.
const LENGTH: usize = 200;
/// How long a filter may hold, in minutes: what is forgotten ends by itself.
const MINUTES: std::ops::RangeInclusive<u32> = 1..=1440;

/// What chooses which lines of this process are logged.
pub trait LogFilter: Send + Sync {
    /// Whether `filter` can be understood.
    ///
    /// # Errors
    /// What is wrong with it.
    fn check(&self, filter: &str) -> Result<(), String>;

    /// Logs by `filter` for a time, and then again as the settings have it.
    ///
    /// # Errors
    /// What is wrong with it.
    fn choose(&self, filter: &str, lasting: Duration) -> Result<(), String>;
}

/// Logs by `filter` for some minutes; gives until when. Of this process alone: another replica has
/// a log of its own.
pub async fn choose_log(
    cx: &Context,
    actor: &Actor,
    log: Option<&dyn LogFilter>,
    filter: &str,
    minutes: u32,
) -> Result<Time> {
    policy::require(actor, Permission::ConfigureSystem)?;
    if !MINUTES.contains(&minutes) {
        return Err(Error::invalid("minutes", "must lie between 1 and 1440"));
    }
    let invalid = |why| Error::invalid("filter", format!("must be a level or a filter like info,api=debug: {why}"));
    let length = filter.trim().chars().count();
    if !(1..=LENGTH).contains(&length) {
        return Err(invalid(format!("it has {length} characters, 1 to {LENGTH} are allowed")));
    }
    let log = log.ok_or_else(|| Error::not_found(Kind::Log, "log"))?;
    log.check(filter).map_err(invalid)?;
    let now = cx.clock.now();
    let until = now + TimeDelta::minutes(minutes.into());
    let note = Note::new(cx, actor, AuditEvent::SystemConfigChanged, now, "Cambio del nivel de registro")
        .on("log", "filter")
        .fact("filter", filter)
        .fact("minutes", minutes)
        .tags("update");
    // First the line, since what nobody wrote down must not be done.
    record::write_alone(cx, note).await?;
    log.choose(filter, Duration::from_secs(u64::from(minutes) * 60)).map_err(invalid)?;
    Ok(until)
}
