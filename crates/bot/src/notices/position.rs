//! How far notices have come: the datum of their lease.

use chrono::TimeDelta;
use domain::event::LogPosition;
use domain::{Task, TaskId, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is older is no longer told: whoever took the bot away for days wants no flood of the past.
pub const TOO_OLD: TimeDelta = TimeDelta::hours(12);

/// How far notices have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The last event that was looked at.
    pub read: LogPosition,
    /// Tasks that were to end until then have been told of; with a task, of those that were to end at
    /// that time only up to this one.
    pub overdue: (Time, Option<TaskId>),
}

/// As the record keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    leido: String,
    vencidas_hasta: Time,
    #[serde(default)]
    vencidas_tarea: Option<TaskId>,
}

impl Place {
    /// Where to begin. Without a datum, or with one of a record that was restored since, nothing of the
    /// past is told: it either was, or is of no use.
    pub fn after(datum: Option<&Value>, head: LogPosition, now: Time) -> Self {
        let kept = datum.and_then(|datum| Kept::deserialize(datum).ok());
        let read = kept.as_ref().and_then(|kept| kept.leido.parse().ok()).filter(|read: &LogPosition| {
            // An offset beyond the end is of a copy that was put back without a new epoch.
            read.epoch == head.epoch && read.offset <= head.offset
        });
        let overdue = kept.map_or((now, None), |kept| {
            let until = kept.vencidas_hasta.clamp(now - TOO_OLD, now);
            (until, kept.vencidas_tarea.filter(|_| until == kept.vencidas_hasta))
        });
        Self { read: read.unwrap_or(head), overdue }
    }

    /// Up to where overdue tasks have been told of after a step that found `due`, of which it took
    /// `limit` at most: to the last of them when there may be more, else to `now`.
    pub fn overdue_after(due: &[Task], limit: u32, now: Time) -> (Time, Option<TaskId>) {
        let last = due.last().filter(|_| due.len() >= limit as usize);
        last.and_then(|last| Some((last.scheduled_end?, Some(last.id)))).unwrap_or((now, None))
    }

    /// As the record keeps it.
    pub fn datum(&self) -> Value {
        let (until, task) = self.overdue;
        serde_json::json!({ "leido": self.read.to_string(), "vencidas_hasta": until, "vencidas_tarea": task })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const fn place(epoch: u128, offset: i64) -> LogPosition {
        LogPosition { epoch: Uuid::from_u128(epoch), offset }
    }

    #[test]
    fn a_new_holder_goes_on_where_the_last_one_was_and_the_first_begins_at_the_end() {
        let now: Time = "2026-11-25T12:00:00Z".parse().unwrap();
        assert_eq!(Place::after(None, place(1, 70), now), Place { read: place(1, 70), overdue: (now, None) });
        let kept = Place { read: place(1, 42), overdue: (now - TimeDelta::hours(1), Some(TaskId(7))) };
        assert_eq!(Place::after(Some(&kept.datum()), place(1, 70), now), kept);
        // Restored: what the old offsets meant is not known.
        assert_eq!(Place::after(Some(&kept.datum()), place(2, 70), now).read, place(2, 70));
        assert_eq!(Place::after(Some(&kept.datum()), place(1, 40), now).read, place(1, 40));
        let long_ago = Place { overdue: (now - TimeDelta::days(9), Some(TaskId(7))), ..kept };
        assert_eq!(Place::after(Some(&long_ago.datum()), place(1, 70), now).overdue, (now - TOO_OLD, None));
        let old = serde_json::json!({ "leido": place(1, 42).to_string(), "vencidas_hasta": now });
        assert_eq!(Place::after(Some(&old), place(1, 70), now).overdue, (now, None), "of an older program");
        assert_eq!(Place::after(Some(&serde_json::json!("?")), place(1, 70), now).read, place(1, 70));
    }
}
