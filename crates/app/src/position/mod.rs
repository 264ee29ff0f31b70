//! Where officers are.

mod track;

use chrono::TimeDelta;
use domain::audit::{AuditEvent, Severity};
use domain::position::CLOCK_SKEW;
use domain::{Event, OfficerId, Point, Position, Time, UserId};
use store::audit::{IDS, SEVERAL};

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, FieldProblem, Result, retry_contention};

pub use track::track;

/// Oldest report that is taken.
const OLDEST: TimeDelta = TimeDelta::hours(24);
/// Most reports of one request.
pub const MOST_REPORTS: usize = 1000;

/// A report as it comes in.
#[derive(Debug, Clone)]
pub struct Report {
    /// Whose.
    pub officer: OfficerId,
    /// Where.
    pub point: Point,
    /// Radius in metres within which the officer probably is.
    pub accuracy_m: Option<f64>,
    /// When the device measured it; now when absent.
    pub measured_at: Option<Time>,
}

/// Takes reports of where officers are: an officer's own, or anybody's from level 2. All of
/// them or none.
pub async fn report(cx: &Context, actor: &Actor, reports: Vec<Report>) -> Result<Vec<Position>> {
    if reports.iter().any(|report| actor.officer() != Some(report.officer)) {
        policy::require(actor, Permission::ManageOfficers)?;
    }
    if reports.is_empty() || reports.len() > MOST_REPORTS {
        return Err(Error::invalid("posiciones", format!("must hold 1 to {MOST_REPORTS} reports")));
    }
    let now = cx.clock.now();
    let positions = positions(reports, actor.acting_user(), now)?;
    let mut newest = positions.clone();
    newest.sort_by_key(|position| (position.officer, std::cmp::Reverse(position.measured_at)));
    newest.dedup_by_key(|position| position.officer);
    let newest_officers: Vec<OfficerId> = newest.iter().map(|position| position.officer).collect();
    retry_contention(|| record_once(cx, actor, &positions, &newest, now)).await?;
    cx.freed_officers.add(newest_officers);
    Ok(positions)
}

async fn record_once(
    cx: &Context,
    actor: &Actor,
    positions: &[Position],
    newest: &[Position],
    now: Time,
) -> Result<()> {
    let mut tx = cx.store.write().await?;
    tx.positions().record(positions).await?;
    record::events(cx, &mut *tx, actor, now, [Event::PositionsReported { positions: newest.to_vec() }]).await?;
    let note = Note::new(cx, actor, AuditEvent::Update, now, "Posiciones recibidas");
    // One line for all of them: officers are found by the list, and each position by the track.
    let note = match newest {
        [one] => note.on("efectivo", one.officer),
        several => {
            let officers: Vec<i64> = several.iter().map(|position| position.officer.0).collect();
            note.on("efectivo", SEVERAL).fact(IDS, officers)
        }
    };
    let note = note.fact("cantidad", positions.len()).severity(Severity::Low).tags("update");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    Ok(())
}

fn positions(reports: Vec<Report>, reported_by: Option<UserId>, now: Time) -> Result<Vec<Position>> {
    let mut problems = Vec::new();
    let mut problem = |index: usize, field: &str, message: &str| {
        let field = format!("posiciones.{index}.{field}");
        problems.push(FieldProblem { field, code: "value_error", message: message.to_owned() });
    };
    let mut positions = Vec::with_capacity(reports.len());
    for (index, report) in reports.into_iter().enumerate() {
        let measured_at = report.measured_at.unwrap_or(now);
        if measured_at > now + CLOCK_SKEW || measured_at < now - OLDEST {
            problem(index, "medida_en", "must lie in the last 24 hours, and at most 2 minutes ahead");
        }
        if report.accuracy_m.is_some_and(|accuracy| !(0.0..=1_000_000.0).contains(&accuracy)) {
            problem(index, "precision_m", "must lie between 0 and 1000000");
        }
        let Report { officer, point, .. } = report;
        // Devices report 0 for an accuracy that they do not know.
        let accuracy_m = report.accuracy_m.filter(|accuracy| *accuracy > 0.0);
        positions.push(Position { officer, point, accuracy_m, measured_at, received_at: now, reported_by });
    }
    if problems.is_empty() { Ok(positions) } else { Err(Error::Invalid(problems)) }
}
