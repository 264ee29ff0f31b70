//! Choosing one officer: the row stays locked until the transaction ends.

use std::collections::HashSet;

use domain::dispatch::{Candidacy, Criteria, JudgedOfficer, Nearby, OpenCall, estimated_minutes, rank};
use domain::{Availability, OfficerId, Task, Time};
use store::Tx;

use crate::{Context, Result};

/// How many of the nearest are looked at first.
const FIRST_BATCH: u32 = 16;
/// Officers who were considered, as kept with a decision.
const MOST_JUDGED: u32 = 20;

/// The officer whom the rules choose for a call and whom no other transaction holds, locked; and those
/// who were considered first.
///
/// Officers whom another transaction is just taking are passed over, never waited for. One row is
/// locked at a time, so racing emergencies do not hide free officers from each other.
pub(super) async fn pick(
    cx: &Context,
    tx: &mut dyn Tx,
    task: &Task,
    criteria: &Criteria,
    now: Time,
) -> Result<Option<Nearby>> {
    let mut tried: HashSet<OfficerId> = HashSet::new();
    for last_choices in [false, true] {
        let mut limit = FIRST_BATCH;
        loop {
            let batch = if last_choices {
                tx.geo().nearest_eligible(criteria, now, limit).await?
            } else {
                tx.geo().nearest_first_choice(criteria, now, limit).await?
            };
            let size = batch.len();
            for candidate in in_order(cx, task, batch, criteria, now) {
                if !tried.insert(candidate.officer.id) {
                    continue;
                }
                // What was read before the lock may be old; what the lock gives is not.
                if let Some(officer) = tx.officers().try_lock(candidate.officer.id).await?
                    && officer.availability == Availability::Available
                {
                    return Ok(Some(Nearby { officer, ..candidate }));
                }
            }
            if size < limit as usize {
                break;
            }
            limit = limit.saturating_mul(4);
        }
    }
    Ok(None)
}

/// Candidates of one call in the order in which the rules would send them.
fn in_order(cx: &Context, task: &Task, batch: Vec<Nearby>, criteria: &Criteria, now: Time) -> Vec<Nearby> {
    let call = OpenCall { task: task.id, priority: task.priority, since: task.created_at };
    let candidacy = |nearby: &Nearby| Candidacy {
        task: task.id,
        officer: nearby.officer.id,
        minutes: estimated_minutes(nearby.distance_m, cx.settings.dispatch.speed_kmh),
        last_choices: nearby.last_choice(criteria, now).len(),
    };
    let mut ranked: Vec<(usize, Nearby)> = Vec::with_capacity(batch.len());
    let candidacies: Vec<Candidacy> = batch.iter().map(candidacy).collect();
    let order = rank(&[call], &candidacies, now);
    for nearby in batch {
        let place = order.iter().position(|pair| pair.officer == nearby.officer.id).unwrap_or(usize::MAX);
        ranked.push((place, nearby));
    }
    ranked.sort_by_key(|(place, _)| *place);
    ranked.into_iter().map(|(_, nearby)| nearby).collect()
}

/// Officers around a call as they were judged at that moment, nearest first.
pub(super) async fn judge(
    cx: &Context,
    tx: &mut dyn Tx,
    criteria: &Criteria,
    farthest_m: Option<f64>,
    now: Time,
) -> Result<Vec<JudgedOfficer>> {
    let reach = farthest_m.map_or(criteria.radius_m, |distance| (distance * 1.5 + 500.0).min(criteria.radius_m));
    let around = tx.geo().officers_around(criteria.point, reach, MOST_JUDGED).await?;
    Ok(around.into_iter().map(|nearby| judged(cx, &nearby, criteria, now)).collect())
}

/// One officer as judged now.
pub(super) fn judged(cx: &Context, nearby: &Nearby, criteria: &Criteria, now: Time) -> JudgedOfficer {
    JudgedOfficer {
        officer: nearby.officer.id,
        distance_m: nearby.distance_m,
        minutes: estimated_minutes(nearby.distance_m, cx.settings.dispatch.speed_kmh),
        position_age_s: (now - nearby.position.measured_at).num_seconds().max(0),
        exclusion: nearby.exclusion(criteria, now),
        last_choice: nearby.last_choice(criteria, now),
    }
}
