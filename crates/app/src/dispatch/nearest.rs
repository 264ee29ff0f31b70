//! The nearest officers, and why not others: the answer that a dispatcher owes the judge.

use domain::dispatch::{Criteria, Exclusion, LastChoice, Nearby, estimated_minutes};
use domain::position::DeviceWatch;
use domain::{Officer, OfficerId, Point};

use super::eligibility::criteria_around;
use crate::audit::{Reading, leave_reading};
use crate::policy::{self, Permission};
use crate::{Actor, Context, Result};

/// Most officers left out that are explained.
const MOST_LEFT_OUT: u32 = 50;

/// What is asked.
#[derive(Debug, Clone)]
pub struct NearestQuery {
    /// From where.
    pub point: Point,
    /// Most candidates.
    pub limit: u32,
    /// Farthest distance in metres; the office's own when absent.
    pub radius_m: Option<f64>,
    /// Only of this unit.
    pub unit: Option<String>,
}

/// One officer, with what speaks for or against sending him or her.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who, where and how far.
    pub nearby: Nearby,
    /// Direction as seen from the point, degrees clockwise from north.
    pub bearing_deg: f64,
    /// Minutes to get there.
    pub estimated_minutes: f64,
    /// Age of the position in seconds.
    pub position_age_s: i64,
    /// Why not; `None` for those who may be sent.
    pub exclusion: Option<Exclusion>,
    /// Why only when no other one is left; empty for first choices.
    pub last_choice: Vec<LastChoice>,
    /// What is odd about the officer's device.
    pub device: DeviceWatch,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Nearest {
    /// Those who may be sent, first choices before last ones, nearest first.
    pub candidates: Vec<Candidate>,
    /// Those who were passed over, nearest first: all who are nearer than the last candidate,
    /// or within the radius when there are fewer candidates than asked for.
    pub left_out: Vec<Candidate>,
    /// Those who could be sent if a position were known.
    pub without_position: Vec<(Officer, DeviceWatch)>,
    /// Whether more may be passed over, or be without a position, than these.
    pub cut: bool,
    /// By what it was judged.
    pub criteria: Criteria,
}

/// The officers nearest to a point who may be sent, and those passed over with the reason.
pub async fn nearest(cx: &Context, actor: &Actor, query: NearestQuery) -> Result<Nearest> {
    policy::require(actor, Permission::ViewPeople)?;
    let settings = &cx.settings.dispatch;
    let around = criteria_around(cx, query.point);
    let criteria = Criteria { radius_m: query.radius_m.unwrap_or(settings.radius_m), unit: query.unit, ..around };
    let now = cx.clock.now();
    let mut tx = cx.store.read().await?;
    let most = MOST_LEFT_OUT + query.limit;
    let (mut eligible, around) = tx.geo().nearest_judged(&criteria, now, query.limit, most).await?;
    let is_last = |nearby: &Nearby| !nearby.last_choice(&criteria, now).is_empty();
    if eligible.iter().any(is_last) {
        // A first choice who is farther comes before a last one who is near.
        let mut first = tx.geo().nearest_first_choice(&criteria, now, query.limit).await?;
        eligible.retain(is_last);
        first.extend(eligible);
        first.truncate(query.limit as usize);
        eligible = first;
    }
    let mut without_position = Vec::new();
    let mut missing = tx.dispatch().without_position(criteria.unit.as_deref(), MOST_LEFT_OUT + 1).await?;
    let mut cut = missing.len() > MOST_LEFT_OUT as usize || around.len() >= most as usize;
    missing.truncate(MOST_LEFT_OUT as usize);
    let seen = eligible.iter().chain(&around).map(|nearby| nearby.officer.id);
    let ids: Vec<OfficerId> = seen.chain(missing.iter().copied()).collect();
    let devices = tx.positions().watches(&ids).await?;
    for id in missing {
        let device = devices.get(&id).copied().unwrap_or_default();
        without_position.extend(tx.officers().by_id(id).await?.map(|officer| (officer, device)));
    }
    let candidate = |nearby: Nearby| {
        let device = devices.get(&nearby.officer.id).copied().unwrap_or_default();
        Candidate {
            bearing_deg: nearby.bearing_from(criteria.point),
            estimated_minutes: estimated_minutes(nearby.distance_m, settings.speed_kmh),
            position_age_s: (now - nearby.position.measured_at).num_seconds().max(0),
            exclusion: nearby.exclusion(&criteria, now).map(|reason| with_device(reason, &device)),
            last_choice: nearby.last_choice(&criteria, now),
            device,
            nearby,
        }
    };
    let mut left_out: Vec<Candidate> = around
        .into_iter()
        .filter(|nearby| !eligible.iter().any(|chosen| chosen.officer.id == nearby.officer.id))
        .map(candidate)
        .filter(|candidate| candidate.exclusion.is_some())
        .collect();
    cut |= left_out.len() > MOST_LEFT_OUT as usize;
    left_out.truncate(MOST_LEFT_OUT as usize);
    let candidates: Vec<Candidate> = eligible.into_iter().map(candidate).collect();
    drop(tx);
    let nearest = Nearest { candidates, left_out, without_position, cut, criteria };
    let reading = Reading::of_several("efectivo")
        .filter("lat", query.point.lat())
        .filter("lng", query.point.lng())
        .filter("limit", query.limit)
        .filter("radio_m", query.radius_m)
        .filter("unidad", nearest.criteria.unit.clone());
    let shown = nearest.candidates.len() + nearest.left_out.len() + nearest.without_position.len();
    leave_reading(cx, actor, reading, shown).await?;
    Ok(nearest)
}

/// The reason where newer reports than the last position came and were held back.
fn with_device(reason: Exclusion, device: &DeviceWatch) -> Exclusion {
    match reason {
        Exclusion::StalePosition if device.held.is_some() => Exclusion::DoubtfulPosition,
        other => other,
    }
}
