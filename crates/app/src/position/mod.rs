//! Where officers are.

mod intake;
mod track;

use std::collections::BTreeSet;

use domain::audit::{AuditEvent, Severity};
use domain::position::{DeviceWatch, Doubt, ReportRefusal, newest_of_each};
use domain::{Event, OfficerId, Point, Position, Time};
use store::Tx;
use store::audit::{IDS, SEVERAL};

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Result, retry_contention};

use intake::Judged;
pub use track::{Track, TrackQuery, track};

/// Most reports of one request.
pub const MOST_REPORTS: usize = 1000;
/// Names of the two remarks about a device, in events that say that one changed.
const REMARKS: [&str; 2] = ["posicion_dudosa", "desfase_reloj_s"];

/// A report as it comes in.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its index in the request.
    pub index: usize,
    /// Whose.
    pub officer: OfficerId,
    /// Where.
    pub point: Point,
    /// Radius in metres within which the officer probably is.
    pub accuracy_m: Option<f64>,
    /// When the device measured it; now when absent.
    pub measured_at: Option<Time>,
}

/// What came of the reports of one request, by their indices in it.
#[derive(Debug, Default)]
pub struct ReportOutcome {
    /// Reports that were taken.
    pub taken: usize,
    /// Of these, those that the tracks did not have before.
    pub added: usize,
    /// Of these, those that were measured ahead of our clock and count as measured now.
    pub adjusted: usize,
    /// Reports that were taken and held back: they are in the track, and are not the last position.
    pub held: Vec<(usize, Doubt)>,
    /// Reports that were not taken.
    pub refused: Vec<(usize, ReportRefusal)>,
    /// Officers whose device has a wrong clock, and seconds by which it is ahead.
    pub clocks: Vec<(OfficerId, i64)>,
}

/// Takes reports of where officers are: an officer's own, or anybody's from level 2. Each is taken or
/// refused by itself.
///
/// # Errors
/// `Forbidden` where the caller may report for none of the officers.
pub async fn report(cx: &Context, actor: &Actor, reports: Vec<Report>) -> Result<ReportOutcome> {
    let may_report_all = policy::require(actor, Permission::ManageOfficers);
    let is_own = |report: &Report| actor.officer() == Some(report.officer);
    if actor.officer().is_none() || !(reports.is_empty() || reports.iter().any(is_own)) {
        may_report_all?;
    }
    if reports.len() > MOST_REPORTS {
        return Err(Error::invalid("posiciones", format!("must hold 1 to {MOST_REPORTS} reports")));
    }
    let may_report_all = policy::require(actor, Permission::ManageOfficers).is_ok();
    let (reports, others): (Vec<_>, Vec<_>) = reports.into_iter().partition(|report| may_report_all || is_own(report));
    let not_yours: Vec<_> = others.iter().map(|report| (report.index, ReportRefusal::NotYours)).collect();
    let (mut outcome, reported) = retry_contention(|| record_once(cx, actor, &reports, not_yours.len())).await?;
    outcome.refused.extend(not_yours);
    outcome.refused.sort_unstable_by_key(|(index, _)| *index);
    outcome.held.sort_unstable_by_key(|(index, _)| *index);
    cx.freed_officers.add(reported);
    Ok(outcome)
}

/// The outcome of the reports, and the officers of whom one was accepted: even one that moves nothing makes
/// an officer's position recent, so that waiting calls may be served.
async fn record_once(
    cx: &Context,
    actor: &Actor,
    reports: &[Report],
    not_yours: usize,
) -> Result<(ReportOutcome, BTreeSet<OfficerId>)> {
    if reports.is_empty() {
        return Ok((ReportOutcome::default(), BTreeSet::new()));
    }
    let now = cx.clock.now();
    let officers: BTreeSet<OfficerId> = reports.iter().map(|report| report.officer).collect();
    let mut tx = cx.store.write().await?;
    let reporters = tx.positions().reporters(&officers.into_iter().collect::<Vec<_>>()).await?;
    let Judged { accepted, watches, mut outcome } = intake::judge(reports, &reporters, actor.acting_user(), now);
    let stored = tx.positions().store(&accepted).await?;
    outcome.added = usize::try_from(stored.added).unwrap_or(usize::MAX);
    let candidates = accepted.iter().filter(|report| report.may_be_last).map(|report| &report.position);
    let newest: Vec<Position> =
        newest_of_each(candidates).into_values().filter(|it| stored.moved.contains(&it.officer)).collect();
    let mut events = Vec::new();
    if !newest.is_empty() {
        events.push(Event::PositionsReported { positions: newest });
    }
    let known: Vec<_> = watches.iter().map(|(officer, _, after)| (*officer, *after)).collect();
    tx.positions().set_watches(&known).await?;
    for (officer, before, after) in watches {
        events.extend(remarked(&mut *tx, officer, &before, &after).await?);
    }
    record::events(cx, &mut *tx, actor, now, events).await?;
    if !accepted.is_empty() {
        record::audit(&mut *tx, [audit_note(cx, actor, &outcome, &reporters, not_yours, now)]).await?;
    }
    tx.commit().await?;
    let reported = accepted.iter().map(|report| report.position.officer).collect();
    Ok((outcome, reported))
}

/// That people have to know something else about an officer's device now, if they have.
async fn remarked(
    tx: &mut dyn Tx,
    officer: OfficerId,
    before: &DeviceWatch,
    after: &DeviceWatch,
) -> Result<Option<Event>> {
    let ((held, clock), (held_now, clock_now)) = (before.remarks(), after.remarks());
    let is_changed = [held != held_now, clock.is_some() != clock_now.is_some()];
    let changed: Vec<String> =
        REMARKS.iter().zip(is_changed).filter(|(_, is)| *is).map(|(name, _)| (*name).to_owned()).collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let officer = tx.officers().by_id(officer).await?;
    Ok(officer.map(|officer| Event::OfficerChanged { officer: Box::new(officer), changed }))
}

/// One line for all of them: officers are found by the list, and each position by the track.
fn audit_note(
    cx: &Context,
    actor: &Actor,
    outcome: &ReportOutcome,
    reporters: &[store::position::Reporter],
    not_yours: usize,
    now: Time,
) -> Note {
    let note = Note::new(cx, actor, AuditEvent::Update, now, "Posiciones recibidas");
    let note = match reporters {
        [one] => note.on("efectivo", one.officer),
        several => {
            let officers: Vec<i64> = several.iter().map(|reporter| reporter.officer.0).collect();
            note.on("efectivo", SEVERAL).fact(IDS, officers)
        }
    };
    let note = note.fact("cantidad", outcome.taken).severity(Severity::Low).tags("update");
    let refused = outcome.refused.len() + not_yours;
    if refused > 0 { note.fact("rechazadas", refused) } else { note }
}
