//! The same tasks by who was sent to them.

use std::collections::BTreeMap;

use super::{Group, ResponseTargets, ResponseTimes, TaskFact};
use crate::officer::{InternalCode, Unit};
use crate::personal::Name;
use crate::task::hours;
use crate::{OfficerId, identity};

/// An officer as a report names one; also one who was deleted since.
#[derive(Debug, Clone, PartialEq)]
pub struct Roster {
    /// Number.
    pub id: OfficerId,
    /// Short name.
    pub internal_code: InternalCode,
    /// Given name of the officer's user.
    pub given_name: Name,
    /// And the family name.
    pub family_name: Option<Name>,
    /// The unit of today.
    pub unit: Option<Unit>,
}

impl Roster {
    /// Given and family name.
    pub fn full_name(&self) -> String {
        let family = self.family_name.as_ref().map(Name::reveal);
        std::iter::once(self.given_name.reveal()).chain(family).collect::<Vec<_>>().join(" ")
    }
}

/// Tasks of one unit. One to which officers of two units were sent counts for both.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitWork {
    /// Which; `None` for officers without one.
    pub unit: Option<Unit>,
    /// Officers of the unit who were sent to something.
    pub officers: u64,
    /// Its tasks.
    pub group: Group,
    /// Hours of its officers at finished tasks.
    pub hours: f64,
    /// How soon its tasks reached each milestone, by any of their officers.
    pub times: ResponseTimes,
}

/// Tasks of one officer.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficerWork {
    /// Who.
    pub officer: Roster,
    /// The officer's tasks.
    pub group: Group,
    /// Hours at the finished ones.
    pub hours: f64,
}

/// Who did what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Crew {
    /// By unit, those with most tasks first.
    pub units: Vec<UnitWork>,
    /// By officer, those with most tasks first.
    pub officers: Vec<OfficerWork>,
    /// Tasks to which nobody is sent.
    pub unassigned: u64,
}

/// Shares the tasks out to those who were sent to them.
pub fn crew(facts: &[TaskFact], roster: &[Roster], targets: &ResponseTargets) -> Crew {
    let known: BTreeMap<OfficerId, &Roster> = roster.iter().map(|officer| (officer.id, officer)).collect();
    let mut by_officer: BTreeMap<OfficerId, Vec<&TaskFact>> = BTreeMap::new();
    let units: BTreeMap<OfficerId, Option<String>> = roster
        .iter()
        .map(|officer| (officer.id, officer.unit.as_ref().map(|unit| identity::unit(unit.as_str()))))
        .collect();
    let mut by_unit: BTreeMap<Option<&str>, Vec<&TaskFact>> = BTreeMap::new();
    let unit_of = |id: &OfficerId| units.get(id).map(Option::as_deref);
    for fact in facts {
        for officer in &fact.officers {
            by_officer.entry(*officer).or_default().push(fact);
        }
        let mut sent: Vec<_> = fact.officers.iter().filter_map(unit_of).collect();
        sent.sort_unstable();
        sent.dedup();
        for unit in sent {
            by_unit.entry(unit).or_default().push(fact);
        }
    }
    let work = |(id, tasks): (OfficerId, Vec<&TaskFact>)| {
        let officer = (*known.get(&id)?).clone();
        Some(OfficerWork { officer, group: Group::of(tasks.iter().copied()), hours: worked(&tasks) })
    };
    let mut officers: Vec<OfficerWork> = by_officer.into_iter().filter_map(work).collect();
    let unit_work = |(unit, tasks): (Option<&str>, Vec<&TaskFact>)| {
        let members = || officers.iter().filter(|work| unit_of(&work.officer.id) == Some(unit));
        UnitWork {
            unit: members().find_map(|work| work.officer.unit.clone()),
            officers: members().count() as u64,
            group: Group::of(tasks.iter().copied()),
            hours: total(members().map(|work| work.hours)),
            times: ResponseTimes::new(tasks.iter().copied(), targets),
        }
    };
    let mut units: Vec<UnitWork> = by_unit.into_iter().map(unit_work).collect();
    // Both are in a fixed order already, which a stable sort keeps among equals.
    units.sort_by_key(|work| std::cmp::Reverse(work.group.tally.tasks));
    officers.sort_by_key(|work| std::cmp::Reverse(work.group.tally.tasks));
    let unassigned = facts.iter().filter(|fact| fact.officers.is_empty()).count() as u64;
    Crew { units, officers, unassigned }
}

/// Hours of one officer at some tasks.
fn worked(tasks: &[&TaskFact]) -> f64 {
    total(tasks.iter().filter_map(|fact| fact.resolution()).map(hours))
}

/// A sum that is 0 without anything to sum; the standard one is then −0.
fn total(hours: impl Iterator<Item = f64>) -> f64 {
    hours.fold(0.0, |sum, hours| sum + hours)
}
