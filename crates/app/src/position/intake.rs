//! What becomes of each report of a request.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::position::{CLOCK_SKEW, ClockLag, DeviceWatch, OLDEST, OLDEST_CURRENT, PlausibilityCheck, ReportRefusal};
use domain::{OfficerId, Position, Time, UserId};
use store::position::{NewPosition, Reporter};

use super::{Report, ReportOutcome};

/// Largest accuracy radius that is taken, metres.
const WORST_ACCURACY_M: f64 = 1_000_000.0;

/// The reports that are stored, and what the caller is answered.
pub struct Judged {
    /// What is stored.
    pub accepted: Vec<NewPosition>,
    /// Officers about whose devices something else is known now: what was known before, and now.
    pub watches: Vec<(OfficerId, DeviceWatch, DeviceWatch)>,
    /// What the caller is answered, without what the store counts.
    pub outcome: ReportOutcome,
}

/// Judges all reports of a request that came at `now`. Reports of officers who are not among `reporters`
/// are refused.
pub fn judge(reports: &[Report], reporters: &[Reporter], by: Option<UserId>, now: Time) -> Judged {
    let mut judged = Judged { accepted: Vec::new(), watches: Vec::new(), outcome: ReportOutcome::default() };
    let mut by_officer: BTreeMap<OfficerId, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        by_officer.entry(report.officer).or_default().push(report);
    }
    let reporters: BTreeMap<OfficerId, &Reporter> =
        reporters.iter().map(|reporter| (reporter.officer, reporter)).collect();
    for (officer, own) in by_officer {
        match reporters.get(&officer) {
            Some(reporter) => judged.judge_of_one(reporter, &own, by, now),
            None => judged.refuse(&own, ReportRefusal::UnknownOfficer),
        }
    }
    judged
}

impl Judged {
    fn refuse(&mut self, reports: &[&Report], why: ReportRefusal) {
        self.outcome.refused.extend(reports.iter().map(|report| (report.index, why)));
    }

    fn judge_of_one(&mut self, reporter: &Reporter, reports: &[&Report], by: Option<UserId>, now: Time) {
        let newest_measured = reports.iter().filter_map(|report| report.measured_at).max();
        let clock = match newest_measured {
            Some(measured_at) => ClockLag::observe(reporter.watch.clock, measured_at, now),
            None => reporter.watch.clock,
        };
        let mut positions = self.in_order(reports, by, now);
        // What is older than the last position cannot move it, and is compared among itself.
        let mut late = PlausibilityCheck::default();
        let mut check = PlausibilityCheck::after(reporter.last, reporter.watch.held);
        let mut before: Option<Time> = None;
        for (index, position) in &mut positions {
            let is_newer = reporter.last.is_none_or(|last| position.is_newer_than(&last));
            // Of two of one time the first counts; the store leaves the other one out.
            let is_repeated = before == Some(position.measured_at);
            before = Some(position.measured_at);
            let doubt = match (is_repeated, is_newer) {
                (true, _) => None,
                (false, true) => check.check(*position),
                (false, false) => late.check(*position),
            };
            self.outcome.held.extend(doubt.map(|doubt| (*index, doubt)));
            let is_recent = position.measured_at >= now - OLDEST_CURRENT;
            let may_be_last = doubt.is_none() && is_newer && is_recent && !is_repeated;
            self.accepted.push(NewPosition { position: *position, doubt, may_be_last });
        }
        self.outcome.taken += positions.len();
        let watch = DeviceWatch { held: check.held(), clock };
        self.outcome.clocks.extend(watch.remarks().1.map(|offset| (reporter.officer, offset)));
        if watch != reporter.watch {
            self.watches.push((reporter.officer, reporter.watch, watch));
        }
    }

    /// The reports of one officer that are taken, with their indices, in the order of their measuring times.
    fn in_order(&mut self, reports: &[&Report], by: Option<UserId>, now: Time) -> Vec<(usize, Position)> {
        let mut positions = Vec::with_capacity(reports.len());
        for report in reports {
            let measured_at = report.measured_at.unwrap_or(now);
            let refusal = if measured_at > now + CLOCK_SKEW {
                Some(ReportRefusal::InFuture)
            } else if measured_at < now - OLDEST {
                Some(ReportRefusal::TooOld)
            } else {
                let is_fit = |accuracy: f64| (0.0..=WORST_ACCURACY_M).contains(&accuracy);
                report.accuracy_m.is_some_and(|accuracy| !is_fit(accuracy)).then_some(ReportRefusal::OutOfRange)
            };
            if let Some(why) = refusal {
                self.refuse(&[report], why);
                continue;
            }
            positions.push((
                report.index,
                Position {
                    officer: report.officer,
                    point: report.point,
                    // Devices report 0 for an accuracy that they do not know.
                    accuracy_m: report.accuracy_m.filter(|accuracy| *accuracy > 0.0),
                    measured_at,
                    received_at: now,
                    reported_by: by,
                },
            ));
        }
        positions.sort_by_key(|(_, position)| position.measured_at);
        // Times ahead of our clock would hide true places until then: they count as now, in their order.
        let mut latest = now;
        let mut ahead: Option<Time> = None;
        for (_, position) in positions.iter_mut().rev().take_while(|(_, position)| position.measured_at > now) {
            let is_same = ahead == Some(position.measured_at);
            latest -= TimeDelta::milliseconds(i64::from(ahead.is_some() && !is_same));
            ahead = Some(position.measured_at);
            position.measured_at = latest;
            self.outcome.adjusted += 1;
        }
        positions.sort_by_key(|(_, position)| position.measured_at);
        positions
    }
}

#[cfg(test)]
mod tests {
    use domain::Point;
    use domain::position::Doubt;

    use super::*;

    fn now() -> Time {
        chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap()
    }

    fn report(index: usize, second: i64, lat: f64) -> Report {
        let measured_at = Some(now() + TimeDelta::seconds(second));
        Report { index, officer: OfficerId(1), point: Point::new(lat, 10.0).unwrap(), accuracy_m: None, measured_at }
    }

    fn judged(reports: &[Report], reporter: Reporter) -> Judged {
        judge(reports, &[reporter], None, now())
    }

    const NEW: Reporter =
        Reporter { officer: OfficerId(1), last: None, watch: DeviceWatch { held: None, clock: None } };

    #[test]
    fn times_ahead_count_as_now_in_their_order() {
        let judged = judged(&[report(0, 90, 1.0), report(1, -5, 1.0), report(2, 30, 1.0), report(3, 90, 1.0)], NEW);
        let times: Vec<i64> =
            judged.accepted.iter().map(|it| (it.position.measured_at - now()).num_milliseconds()).collect();
        assert_eq!(times, [-5000, -1, 0, 0], "two of one time stay two of one time");
        assert_eq!(judged.outcome.adjusted, 3);
    }

    #[test]
    fn late_reports_are_taken_and_move_nothing() {
        let last = judged(&[report(0, -60, 1.0)], NEW).accepted[0].position;
        let reporter = Reporter { last: Some(last), ..NEW };
        let late =
            [report(0, -2 * 86_400, 1.0), report(1, -120, 40.0), report(2, -110, 40.0), report(3, -91 * 86_400, 1.0)];
        let judged = judged(&late, reporter);
        assert!(judged.accepted.iter().all(|it| !it.may_be_last), "{:?}", judged.accepted);
        assert_eq!((judged.outcome.taken, &judged.outcome.refused[..]), (3, &[(3, ReportRefusal::TooOld)][..]));
        let days_old = judge(&late[..1], &[NEW], None, now());
        assert!(!days_old.accepted[0].may_be_last, "also where there is no other one");
    }

    #[test]
    fn a_jump_is_held_back_and_believed_when_the_next_report_agrees() {
        let jump = judged(&[report(0, -30, 1.0), report(1, -20, 40.0)], NEW);
        assert_eq!(jump.outcome.held, [(1, Doubt::ImpossibleSpeed)]);
        let (_, _, watch) = jump.watches[0];
        let reporter = Reporter { last: Some(jump.accepted[0].position), watch, ..NEW };
        let agreed = judged(&[report(0, -10, 40.0)], reporter);
        assert!(agreed.accepted[0].may_be_last);
        assert_eq!(agreed.watches[0].2, DeviceWatch::default());
    }
}
