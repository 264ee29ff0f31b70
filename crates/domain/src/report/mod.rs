//! Figures over the tasks that were made in a period: how many, how soon, by whom, when and where.
//! Both stores give the same [`TaskFact`]s; all that is reckoned of them is reckoned here, once.

mod crew;
mod density;
mod figures;
mod period;
mod times;

use chrono::TimeDelta;

pub use crew::{Crew, OfficerWork, Roster, UnitWork, crew};
pub use density::{CELL_DEGREES, Cell, Density, density};
pub use figures::{Day, Emergencies, Figures, Group, Tally, figures};
pub use period::{BadPeriod, MOST_DAYS, Period};
pub use times::Times;

use crate::{OfficerId, Point, Priority, TaskId, TaskKind, TaskState, Time};

/// What a report reads of one task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskFact {
    /// Number.
    pub id: TaskId,
    /// What it is about.
    pub kind: TaskKind,
    /// How soon.
    pub priority: Priority,
    /// How far it has come.
    pub state: TaskState,
    /// When made.
    pub created_at: Time,
    /// When it began.
    pub started_at: Option<Time>,
    /// When it ended.
    pub finished_at: Option<Time>,
    /// Sum of all closed pauses.
    pub paused_total: TimeDelta,
    /// Where.
    pub location: Option<Point>,
    /// Who is sent, in order of number.
    pub officers: Vec<OfficerId>,
    /// When the first of them was sent.
    pub assigned_at: Option<Time>,
}

impl TaskFact {
    /// Whether it was closed without ever having been begun: it then has one time for both, which
    /// says nothing on how soon it was begun or how long it took.
    pub fn is_unbegun(&self) -> bool {
        self.state == TaskState::Finished && self.started_at == self.finished_at
    }

    /// From the making to the beginning; none of a task that was begun before it was written down.
    pub fn response(&self) -> Option<TimeDelta> {
        let started = self.started_at.filter(|_| !self.is_unbegun())?;
        Some(started - self.created_at).filter(|span| *span >= TimeDelta::zero())
    }

    /// From the beginning to the end, pauses left out, of a finished task.
    pub fn resolution(&self) -> Option<TimeDelta> {
        if self.state != TaskState::Finished || self.is_unbegun() {
            return None;
        }
        Some((self.finished_at? - self.started_at? - self.paused_total).max(TimeDelta::zero()))
    }

    /// From the making to the first officer who is still on it.
    pub fn assignment(&self) -> Option<TimeDelta> {
        Some((self.assigned_at? - self.created_at).max(TimeDelta::zero()))
    }

    /// An emergency, as [`crate::dispatch`] makes them: an intervention of the highest priority.
    pub fn is_emergency(&self) -> bool {
        self.kind == TaskKind::Intervention && self.priority == Priority::Critical
    }
}
