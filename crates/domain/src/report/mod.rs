//! Figures over the tasks that were made in a period: how many, how soon, by whom, when and where.
//! Both stores give the same [`TaskFact`]s; all that is reckoned of them is reckoned here, once.

mod crew;
mod density;
mod figures;
mod period;
mod response;
mod times;

use chrono::TimeDelta;

pub use crew::{Crew, OfficerWork, Roster, UnitWork, crew};
pub use density::{CELL_DEGREES, Cell, Density, density};
pub use figures::{Day, Emergencies, Figures, Group, Tally, figures};
pub use period::{BadPeriod, MOST_DAYS, Period, day_begins, office_day, office_time};
pub use response::{InTarget, Milestone, Reached, ResponseRow, ResponseTargets, ResponseTimes};
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
    /// Whether it was raised as a call for help.
    pub emergency: bool,
    /// When made.
    pub created_at: Time,
    /// When it should begin.
    pub scheduled_start: Time,
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
    /// When its first officer reached each step.
    pub reached: Reached,
}

impl TaskFact {
    /// Whether it was closed without ever having been begun: it then has one time for both, which
    /// says nothing on how soon it was begun or how long it took.
    pub fn is_unbegun(&self) -> bool {
        self.state == TaskState::Finished && self.started_at == self.finished_at
    }

    /// From the making to the beginning; none of a task that was begun before it was written down. An
    /// emergency is begun as soon as an officer is sent, so its response ends when one accepts.
    pub fn response(&self) -> Option<TimeDelta> {
        if self.emergency {
            return self.time_to(Milestone::Accepted);
        }
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

    /// When it was received, from which response times count: an emergency when it was made, any other
    /// task at its programmed start, or when it was made if that was later.
    pub fn received_at(&self) -> Time {
        if self.emergency { self.created_at } else { self.created_at.max(self.scheduled_start) }
    }

    /// From the receipt to the first officer who reached a milestone; zero for one that was reached
    /// before the receipt, `None` for one that was not reached.
    pub fn time_to(&self, milestone: Milestone) -> Option<TimeDelta> {
        Some((self.reached.at(milestone)? - self.received_at()).max(TimeDelta::zero()))
    }

    /// Whether it counts as an emergency: raised as a call for help, or an intervention of the highest
    /// priority.
    pub fn is_emergency(&self) -> bool {
        self.emergency || (self.kind == TaskKind::Intervention && self.priority == Priority::Critical)
    }
}
