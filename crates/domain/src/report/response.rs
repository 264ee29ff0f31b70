//! How long tasks took from their receipt to each step of sending officers to them.

use chrono::TimeDelta;

use super::{TaskFact, Times};
use crate::wire::wire_enum;
use crate::{AssignmentState, Time};

wire_enum! {
    /// A step of an assignment whose time a report gives. The words are those of the step's state.
    pub enum Milestone {
        /// The first officer was assigned.
        Assigned = "asignada",
        /// The first officer was known to have been notified.
        Notified = "avisada",
        /// The first officer accepted.
        Accepted = "aceptada",
        /// The first officer was on the way.
        EnRoute = "en_camino",
        /// The first officer arrived.
        OnScene = "en_lugar",
        /// The first officer was free of it again.
        Cleared = "liberada",
    }
}

impl Milestone {
    /// The state of an assignment that reaches it.
    pub const fn state(self) -> AssignmentState {
        match self {
            Self::Assigned => AssignmentState::Assigned,
            Self::Notified => AssignmentState::Notified,
            Self::Accepted => AssignmentState::Accepted,
            Self::EnRoute => AssignmentState::EnRoute,
            Self::OnScene => AssignmentState::OnScene,
            Self::Cleared => AssignmentState::Cleared,
        }
    }
}

/// When a task first reached each milestone, by any of its officers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached([Option<Time>; Milestone::ALL.len()]);

impl Reached {
    /// When it first reached one.
    pub const fn at(&self, milestone: Milestone) -> Option<Time> {
        self.0[milestone as usize]
    }

    /// Records that an officer reached a milestone; the first time counts.
    pub fn record(&mut self, milestone: Milestone, at: Time) {
        let first = &mut self.0[milestone as usize];
        *first = Some(first.map_or(at, |earlier| earlier.min(at)));
    }
}

/// Within which time of the receipt an office wants tasks to reach two milestones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseTargets {
    /// An officer is assigned.
    pub assigned: TimeDelta,
    /// An officer is on scene.
    pub on_scene: TimeDelta,
}

impl ResponseTargets {
    /// The target of a milestone, where there is one.
    pub const fn at(&self, milestone: Milestone) -> Option<TimeDelta> {
        match milestone {
            Milestone::Assigned => Some(self.assigned),
            Milestone::OnScene => Some(self.on_scene),
            _ => None,
        }
    }
}

/// How many tasks reached a milestone within its target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InTarget {
    /// The target.
    pub target: TimeDelta,
    /// Tasks that reached the milestone in this time or less.
    pub tasks: u64,
    /// Their share of the tasks that reached it, 0 to 1; `None` when no task did.
    pub share: Option<f64>,
}

/// How soon some tasks reached one milestone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseRow {
    /// Which.
    pub milestone: Milestone,
    /// From the receipt to it, of the tasks that reached it.
    pub times: Times,
    /// Tasks that did not reach it, or of which no time is known.
    pub missing: u64,
    /// How many were within the target, for milestones that have one.
    pub in_target: Option<InTarget>,
}

/// How soon some tasks reached each milestone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseTimes([ResponseRow; Milestone::ALL.len()]);

impl ResponseTimes {
    /// Computes them for some tasks.
    pub fn new<'f>(facts: impl Iterator<Item = &'f TaskFact> + Clone, targets: &ResponseTargets) -> Self {
        let mut rows = [ResponseRow::empty(Milestone::Assigned); Milestone::ALL.len()];
        for (row, milestone) in rows.iter_mut().zip(Milestone::ALL) {
            *row = ResponseRow::new(*milestone, facts.clone(), targets.at(*milestone));
        }
        Self(rows)
    }

    /// One row for each milestone, in the order of [`Milestone::ALL`].
    pub const fn rows(&self) -> &[ResponseRow] {
        &self.0
    }

    /// The row of one milestone.
    pub const fn row(&self, milestone: Milestone) -> &ResponseRow {
        &self.0[milestone as usize]
    }
}

impl ResponseRow {
    fn empty(milestone: Milestone) -> Self {
        Self { milestone, times: Times::default(), missing: 0, in_target: None }
    }

    fn new<'f>(
        milestone: Milestone,
        facts: impl Iterator<Item = &'f TaskFact> + Clone,
        target: Option<TimeDelta>,
    ) -> Self {
        let spans = || facts.clone().filter_map(|fact| fact.time_to(milestone));
        let times = Times::of(spans());
        let missing = facts.clone().filter(|fact| fact.reached.at(milestone).is_none()).count() as u64;
        let in_target = target.map(|target| {
            let tasks = spans().filter(|span| *span <= target).count() as u64;
            InTarget { target, tasks, share: (times.count > 0).then(|| share(tasks, times.count)) }
        });
        Self { milestone, times, missing, in_target }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of tasks stay below 2^53")]
fn share(part: u64, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{Priority, TaskId, TaskKind, TaskState};

    const TARGETS: ResponseTargets =
        ResponseTargets { assigned: TimeDelta::seconds(120), on_scene: TimeDelta::minutes(10) };

    fn at(seconds: i64) -> Time {
        DateTime::from_timestamp(1_760_000_000 + seconds, 0).unwrap()
    }

    fn fact(emergency: bool, scheduled: i64, reached: &[(Milestone, i64)]) -> TaskFact {
        let mut times = Reached::default();
        for (milestone, seconds) in reached {
            times.record(*milestone, at(*seconds));
        }
        TaskFact {
            id: TaskId(1),
            kind: TaskKind::Patrol,
            priority: Priority::High,
            state: TaskState::InProgress,
            emergency,
            created_at: at(0),
            scheduled_start: at(scheduled),
            started_at: None,
            finished_at: None,
            paused_total: TimeDelta::zero(),
            location: None,
            officers: Vec::new(),
            reached: times,
        }
    }

    #[test]
    fn the_words_are_those_of_the_states() {
        for milestone in Milestone::ALL {
            assert_eq!(milestone.as_str(), milestone.state().as_str());
        }
    }

    #[test]
    fn the_first_officer_counts_and_targets_include_their_limit() {
        let facts = [
            fact(true, 0, &[(Milestone::Assigned, 300), (Milestone::Assigned, 120), (Milestone::OnScene, 600)]),
            fact(true, 0, &[(Milestone::Assigned, 121), (Milestone::OnScene, 601)]),
            fact(true, 0, &[]),
        ];
        let found = ResponseTimes::new(facts.iter(), &TARGETS);
        let assigned = found.row(Milestone::Assigned);
        assert_eq!((assigned.times.count, assigned.times.p50, assigned.missing), (2, 120.5, 1));
        let in_target = InTarget { target: TARGETS.assigned, tasks: 1, share: Some(0.5) };
        assert_eq!(assigned.in_target, Some(in_target));
        assert_eq!(found.row(Milestone::OnScene).in_target.map(|found| found.tasks), Some(1));
        let accepted = found.row(Milestone::Accepted);
        assert_eq!((accepted.times.count, accepted.missing, accepted.in_target), (0, 3, None));
        let none = ResponseTimes::new([].iter(), &TARGETS);
        assert_eq!(none.row(Milestone::OnScene).in_target.map(|found| found.share), Some(None));
    }

    #[test]
    fn a_planned_task_is_received_at_its_programmed_start() {
        let planned = fact(false, 3_600, &[(Milestone::Assigned, 60), (Milestone::Accepted, 3_660)]);
        assert_eq!(planned.time_to(Milestone::Assigned), Some(TimeDelta::zero()));
        assert_eq!(planned.time_to(Milestone::Accepted), Some(TimeDelta::seconds(60)));
        let late = fact(false, -3_600, &[(Milestone::Assigned, 60)]);
        assert_eq!(late.time_to(Milestone::Assigned), Some(TimeDelta::seconds(60)));
        let emergency = fact(true, 3_600, &[(Milestone::Assigned, 60)]);
        assert_eq!(emergency.time_to(Milestone::Assigned), Some(TimeDelta::seconds(60)));
    }
}
