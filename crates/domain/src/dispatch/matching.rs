//! Which officer goes to which call: one function decides from a list of calls and a list of officers.

use std::collections::{BTreeMap, HashSet};

use chrono::TimeDelta;

use crate::{OfficerId, Priority, TaskId, Time};

/// A call that needs an officer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenCall {
    /// Its task.
    pub task: TaskId,
    /// How urgent.
    pub priority: Priority,
    /// Since when it waits.
    pub since: Time,
}

/// An officer who may be sent to a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidacy {
    /// The call.
    pub task: TaskId,
    /// The officer.
    pub officer: OfficerId,
    /// Estimated minutes to the call.
    pub minutes: f64,
    /// Reasons for which the officer is a last choice for it; 0 for a first choice.
    pub last_choices: usize,
}

/// Minutes of driving that one minute of waiting outweighs: a call that has waited ten minutes longer
/// is served before one that is four minutes nearer, so that no call starves.
const AGEING: f64 = 0.4;
/// Minutes of driving that one step of priority outweighs.
const PRIORITY_STEP: f64 = 5.0;

/// Pairs of calls and officers, the best first: first choices before last ones, of these those with
/// fewer reasons, so that where no officer can be reached the accuracy of positions still counts; then
/// the least of estimated minutes less what priority and waiting weigh; equal ones by number. Pairs of calls that
/// are not among `calls` are left out.
pub fn rank<'a>(calls: &[OpenCall], candidacies: &'a [Candidacy], now: Time) -> Vec<&'a Candidacy> {
    let weight = |call: &OpenCall| {
        let waited = (now - call.since).max(TimeDelta::zero());
        #[expect(clippy::cast_precision_loss, reason = "waits stay far below 2^53 seconds")]
        let minutes = waited.num_seconds() as f64 / 60.0;
        minutes * AGEING + f64::from(call.priority.number()) * PRIORITY_STEP
    };
    let weights: BTreeMap<TaskId, f64> = calls.iter().map(|call| (call.task, weight(call))).collect();
    let mut pairs: Vec<(f64, &Candidacy)> = candidacies
        .iter()
        .filter_map(|candidacy| Some((candidacy.minutes - weights.get(&candidacy.task)?, candidacy)))
        .collect();
    pairs.sort_by(|(cost, one), (other_cost, other)| {
        (one.last_choices.cmp(&other.last_choices))
            .then(cost.total_cmp(other_cost))
            .then((one.task, one.officer).cmp(&(other.task, other.officer)))
    });
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// Which officer goes to which call, in the order of [`rank`]. Each call and each officer occurs once
/// in the result.
pub fn match_calls(calls: &[OpenCall], candidacies: &[Candidacy], now: Time) -> Vec<Candidacy> {
    let (mut served, mut sent) = (HashSet::new(), HashSet::new());
    let mut chosen = Vec::new();
    for pair in rank(calls, candidacies, now) {
        if !served.contains(&pair.task) && !sent.contains(&pair.officer) {
            served.insert(pair.task);
            sent.insert(pair.officer);
            chosen.push(*pair);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Time {
        chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap()
    }

    fn call(task: i64, priority: Priority, waited_min: i64) -> OpenCall {
        OpenCall { task: TaskId(task), priority, since: now() - TimeDelta::minutes(waited_min) }
    }

    fn pair(task: i64, officer: i64, minutes: f64) -> Candidacy {
        Candidacy { task: TaskId(task), officer: OfficerId(officer), minutes, last_choices: 0 }
    }

    fn chosen(calls: &[OpenCall], pairs: &[Candidacy]) -> Vec<(i64, i64)> {
        match_calls(calls, pairs, now()).iter().map(|pair| (pair.task.0, pair.officer.0)).collect()
    }

    #[test]
    fn a_freed_officer_takes_the_nearest_call() {
        let calls = [call(1, Priority::Critical, 1), call(2, Priority::Critical, 0)];
        assert_eq!(chosen(&calls, &[pair(1, 7, 20.0), pair(2, 7, 2.0)]), [(2, 7)]);
    }

    #[test]
    fn waiting_long_outweighs_being_farther() {
        let calls = [call(1, Priority::Critical, 60), call(2, Priority::Critical, 0)];
        assert_eq!(chosen(&calls, &[pair(1, 7, 20.0), pair(2, 7, 2.0)]), [(1, 7)]);
    }

    #[test]
    fn urgency_outweighs_some_distance() {
        let calls = [call(1, Priority::Low, 0), call(2, Priority::Critical, 0)];
        assert_eq!(chosen(&calls, &[pair(1, 7, 2.0), pair(2, 7, 10.0)]), [(2, 7)]);
    }

    #[test]
    fn last_choices_come_after_all_others_and_no_one_goes_twice() {
        let calls = [call(1, Priority::Critical, 0), call(2, Priority::Critical, 0)];
        let last = Candidacy { last_choices: 1, ..pair(1, 7, 0.0) };
        assert_eq!(chosen(&calls, &[last, pair(1, 8, 30.0), pair(2, 8, 40.0)]), [(1, 8)]);
        assert_eq!(chosen(&calls, &[last, pair(2, 8, 40.0)]), [(2, 8), (1, 7)]);
        let farther = Candidacy { last_choices: 1, ..pair(1, 9, 5.0) };
        assert_eq!(chosen(&calls, &[Candidacy { last_choices: 2, ..last }, farther]), [(1, 9)]);
    }
}
