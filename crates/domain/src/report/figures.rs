//! Counts and times over all tasks of a period.

use chrono::{Datelike, NaiveDate, Timelike};

use super::{Period, ResponseTargets, ResponseTimes, TaskFact, Times};
use crate::{Priority, TaskKind, TaskState};

/// Tasks by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub tasks: u64,
    /// In the order of [`TaskState::ALL`].
    pub by_state: [u64; 5],
}

impl Tally {
    fn count(&mut self, state: TaskState) {
        self.tasks += 1;
        self.by_state[state as usize] += 1;
    }

    /// Those in one state.
    pub const fn of(&self, state: TaskState) -> u64 {
        self.by_state[state as usize]
    }
}

/// Tasks that have something in common.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Group {
    /// How many.
    pub tally: Tally,
    /// From the making to the beginning; of emergencies to the first acceptance.
    pub response: Times,
    /// From the beginning to the end, pauses left out.
    pub resolution: Times,
}

impl Group {
    /// The group of some tasks.
    pub fn of<'f>(facts: impl Iterator<Item = &'f TaskFact> + Clone) -> Self {
        let mut tally = Tally::default();
        facts.clone().for_each(|fact| tally.count(fact.state));
        let response = Times::of(facts.clone().filter_map(TaskFact::response));
        Self { tally, response, resolution: Times::of(facts.filter_map(TaskFact::resolution)) }
    }
}

/// Tasks that were made on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// By state, as they are now.
    pub tally: Tally,
    /// Emergencies among them.
    pub emergencies: u64,
}

/// Emergencies of the period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Emergencies {
    /// How many.
    pub total: u64,
    /// Of these, those that have no officer and have not ended.
    pub waiting: u64,
    /// How soon they reached each milestone.
    pub times: ResponseTimes,
}

/// What a report says of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// All tasks.
    pub all: Group,
    /// Finished without having been begun, so that they have no times.
    pub unbegun: u64,
    /// By kind, in the order of [`TaskKind::ALL`].
    pub kinds: Vec<(TaskKind, Group)>,
    /// By priority, highest first.
    pub priorities: Vec<(Priority, Group)>,
    /// How soon all tasks reached each milestone.
    pub times: ResponseTimes,
    /// The same by priority, highest first.
    pub priority_times: Vec<(Priority, ResponseTimes)>,
    /// Every day of the period, empty ones too.
    pub days: Vec<Day>,
    /// Tasks by the day of the week, Monday first, and the hour in which they were made.
    pub hours: [[u64; 24]; 7],
    /// Emergencies.
    pub emergencies: Emergencies,
}

/// Reckons the figures of all tasks that were made in a period.
pub fn figures(period: &Period, facts: &[TaskFact], targets: &ResponseTargets) -> Figures {
    let mut hours = [[0; 24]; 7];
    let empty = |date| Day { date, tally: Tally::default(), emergencies: 0 };
    let mut days: Vec<Day> = period.days().map(empty).collect();
    for fact in facts {
        let local = period.local(fact.created_at);
        hours[local.weekday().num_days_from_monday() as usize][local.hour() as usize] += 1;
        let place = usize::try_from((local.date_naive() - period.first()).num_days());
        // What was not made in the period has no day in it.
        if let Some(day) = place.ok().and_then(|place| days.get_mut(place)) {
            day.tally.count(fact.state);
            day.emergencies += u64::from(fact.is_emergency());
        }
    }
    let of_kind = |kind| Group::of(facts.iter().filter(move |fact| fact.kind == kind));
    let with_priority = |priority| facts.iter().filter(move |fact| fact.priority == priority);
    let highest_first = || Priority::ALL.iter().rev().copied();
    Figures {
        all: Group::of(facts.iter()),
        unbegun: facts.iter().filter(|fact| fact.is_unbegun()).count() as u64,
        kinds: TaskKind::ALL.iter().map(|kind| (*kind, of_kind(*kind))).collect(),
        priorities: highest_first().map(|priority| (priority, Group::of(with_priority(priority)))).collect(),
        times: ResponseTimes::new(facts.iter(), targets),
        priority_times: highest_first()
            .map(|priority| (priority, ResponseTimes::new(with_priority(priority), targets)))
            .collect(),
        days,
        hours,
        emergencies: emergencies(facts, targets),
    }
}

fn emergencies(facts: &[TaskFact], targets: &ResponseTargets) -> Emergencies {
    let all = || facts.iter().filter(|fact| fact.is_emergency());
    let waits = |fact: &&TaskFact| fact.officers.is_empty() && !fact.state.is_final();
    Emergencies {
        total: all().count() as u64,
        waiting: all().filter(waits).count() as u64,
        times: ResponseTimes::new(all(), targets),
    }
}
