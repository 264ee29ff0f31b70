//! Reading the log of events.

use domain::event::{LogPage, LogPosition, Logged, UnreadableEvent};
use store::UnreadableIn;
use store::event_log::{Backlog, Extent};

use crate::audit::{Reading, leave_reading};
use crate::policy::{self, Permission};
use crate::{Actor, Context, Result};

/// A part of the log.
#[derive(Debug, Clone)]
pub struct EventPage {
    /// What the actor may hear of, in order.
    pub events: Vec<Logged>,
    /// Rows that were passed over, since this program cannot read them.
    pub unreadable: Vec<UnreadableEvent>,
    /// From where to read on.
    pub next: LogPosition,
    /// Whether events between what was asked for and these are no longer kept, or belonged to
    /// another epoch: whoever follows must load what it shows anew.
    pub has_gap: bool,
    /// Whether these were the last ones.
    pub is_end: bool,
}

/// Where the log ends.
pub async fn head(cx: &Context) -> Result<LogPosition> {
    let epoch = cx.store.epoch().await?;
    let extent = cx.store.read().await?.event_log().extent().await?;
    Ok(LogPosition { epoch, offset: extent.last })
}

/// What a replica that has told all up to `told` has still to tell.
pub async fn backlog(cx: &Context, actor: &Actor, told: LogPosition) -> Result<Backlog> {
    policy::require(actor, Permission::ViewSystemMetrics)?;
    Ok(cx.store.read().await?.event_log().backlog(told.offset).await?)
}

/// At most `limit` events after `from` (from the oldest that is kept, when absent), of which those
/// are given that the actor may hear of.
pub async fn after(cx: &Context, actor: &Actor, from: Option<LogPosition>, limit: u32) -> Result<EventPage> {
    let epoch = cx.store.epoch().await?;
    let mut tx = cx.store.read().await?;
    let Extent { first, last } = tx.event_log().extent().await?;
    let oldest = first - 1;
    let (start, has_gap) = match from {
        None => (oldest, false),
        Some(from) if from.epoch != epoch || from.offset > last => (oldest, true),
        Some(from) => (from.offset.max(oldest), from.offset < oldest),
    };
    let read = counted(tx.event_log().after(start, limit).await?);
    let is_end = read.is_end(limit);
    let next = LogPosition { epoch, offset: read.last().unwrap_or(start) };
    drop(tx);
    let events: Vec<Logged> = read.events.into_iter().filter(|row| policy::may_hear(actor, &row.event)).collect();
    let of_people = |row: &&Logged| {
        use domain::Event::{OfficerChanged, OfficerStatusChanged, PositionsReported};
        matches!(row.event, OfficerStatusChanged { .. } | OfficerChanged { .. } | PositionsReported { .. })
    };
    let count = events.iter().filter(of_people).count();
    if count > 0 && policy::require(actor, Permission::ViewPeople).is_ok() {
        leave_reading(cx, actor, Reading::of_several("evento").filter("limit", limit), count).await?;
    }
    Ok(EventPage { events, unreadable: read.unreadable, next, has_gap, is_end })
}

/// At most `limit` events after an offset of this epoch, all of them, so that the caller sees gaps
/// between offsets. It hands on to the actor what [`policy::may_hear`] allows.
pub async fn since(cx: &Context, actor: &Actor, offset: i64, limit: u32) -> Result<LogPage> {
    policy::require(actor, Permission::ViewAssignedTasks)?;
    all_since(cx, offset, limit).await
}

/// What [`since`] gives, for the follower of the log, which acts for no actor.
pub(super) async fn all_since(cx: &Context, offset: i64, limit: u32) -> Result<LogPage> {
    Ok(counted(cx.store.read().await?.event_log().after(offset, limit).await?))
}

/// Logs rows that were passed over: for readers that read each row once. Says nothing of what is in
/// a row, which may be personal.
pub fn warn_unreadable(rows: &[UnreadableEvent]) {
    for UnreadableEvent { offset, kind, reason } in rows {
        let reason = reason.map(tracing::field::display);
        let table = UnreadableIn::Events.name();
        tracing::warn!(code = "stored.unreadable", table, offset, kind, reason, "a stored event was passed over");
    }
}

fn counted(page: LogPage) -> LogPage {
    if !page.unreadable.is_empty() {
        UnreadableIn::Events.counter().increment(page.unreadable.len() as u64);
    }
    page
}
