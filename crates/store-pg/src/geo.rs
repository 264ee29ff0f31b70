//! Who and what is near.
//!
//! The database finds the candidates by its spatial index and the domain measures and orders them,
//! so that distances and ties are the same to the last bit on every store.

mod nearest;
mod within;

use async_trait::async_trait;
use domain::dispatch::{Criteria, Nearby, Standing};
use domain::{GeoBox, Officer, OfficerId, Point, Task, TaskState, Time, UserId, geodesy};
use sqlx::postgres::PgRow;
use store::Result;
use store::geo::GeoRepo;

use nearest::Rank;

use crate::officer::officer;
use crate::position::position;
use crate::row::Fields;
use crate::statement::is_unheard_of;
use crate::tx::PgTx;

fn nearby(row: &PgRow, from: Option<Point>) -> Result<Nearby> {
    let (officer, position): (Officer, _) = (officer(row)?, position(row)?);
    let distance_m = from.map_or(0.0, |from| geodesy::distance_m(from, position.point));
    let fields = Fields::of("efectivos", row);
    let standing = Standing {
        active_account: fields.get("cuenta_activa")?,
        has_telegram: fields.get("con_telegram")?,
        unanswered_from: fields.get("sin_responder_desde")?,
    };
    Ok(Nearby { officer, position, distance_m, standing })
}

/// The `limit` nearest of some candidates that `keep` lets through; equal distances by number.
fn sorted(rows: &[PgRow], from: Point, limit: u32, keep: impl Fn(&Nearby) -> bool) -> Result<Vec<Nearby>> {
    let mut found = rows.iter().map(|row| nearby(row, Some(from))).collect::<Result<Vec<_>>>()?;
    found.retain(keep);
    found.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.officer.id.cmp(&b.officer.id)));
    found.truncate(limit as usize);
    Ok(found)
}

#[async_trait]
impl GeoRepo for PgTx {
    async fn nearest_eligible(&mut self, criteria: &Criteria, now: Time, limit: u32) -> Result<Vec<Nearby>> {
        if criteria.unit.as_deref().is_some_and(is_unheard_of) {
            return Ok(Vec::new());
        }
        let walks = self.walks(criteria, now).await?;
        let rows = self.eligible_candidates(criteria, now, limit, walks, Rank::Any).await?;
        sorted(&rows, criteria.point, limit, |nearby| nearby.exclusion(criteria, now).is_none())
    }

    async fn nearest_first_choice(&mut self, criteria: &Criteria, now: Time, limit: u32) -> Result<Vec<Nearby>> {
        if criteria.unit.as_deref().is_some_and(is_unheard_of) {
            return Ok(Vec::new());
        }
        let walks = self.walks(criteria, now).await?;
        let rows = self.eligible_candidates(criteria, now, limit, walks, Rank::First).await?;
        sorted(&rows, criteria.point, limit, |nearby| {
            nearby.exclusion(criteria, now).is_none() && nearby.last_choice(criteria, now).is_empty()
        })
    }

    async fn officer_seen(&mut self, officer: OfficerId, point: Point) -> Result<Option<Nearby>> {
        self.officer_with_position(officer).await?.map(|row| nearby(&row, Some(point))).transpose()
    }

    async fn waiting_around(&mut self, point: Point, radius_m: f64, now: Time, limit: u32) -> Result<Vec<(Task, f64)>> {
        let rows = self.waiting_candidates(point, radius_m, now, limit).await?;
        tasks_by_distance(&rows, point, radius_m, limit)
    }

    async fn officers_around(&mut self, point: Point, radius_m: f64, limit: u32) -> Result<Vec<Nearby>> {
        let rows = self.candidates_around(point, radius_m, limit).await?;
        sorted(&rows, point, limit, |nearby| nearby.distance_m <= radius_m)
    }

    async fn nearest_judged(
        &mut self,
        criteria: &Criteria,
        now: Time,
        limit: u32,
        most: u32,
    ) -> Result<(Vec<Nearby>, Vec<Nearby>)> {
        let is_eligible = |nearby: &Nearby| nearby.exclusion(criteria, now).is_none();
        let reach =
            |eligible: &[Nearby]| criteria.reach(eligible.len(), eligible.last().map(|last| last.distance_m), limit);
        if criteria.unit.as_deref().is_some_and(is_unheard_of) {
            return Ok((Vec::new(), self.officers_around(criteria.point, criteria.radius_m, most).await?));
        }
        let walks = self.walks(criteria, now).await?;
        if walks && let Some(rows) = self.all_as_near(criteria, now, limit, most).await? {
            let mut all = sorted(&rows, criteria.point, u32::MAX, |nearby| nearby.distance_m <= criteria.radius_m)?;
            let eligible: Vec<Nearby> =
                all.iter().filter(|nearby| is_eligible(nearby)).take(limit as usize).cloned().collect();
            let reach = reach(&eligible);
            all.retain(|nearby| nearby.distance_m <= reach);
            all.truncate(most as usize);
            return Ok((eligible, all));
        }
        let rows = self.eligible_candidates(criteria, now, limit, walks, Rank::Any).await?;
        let eligible = sorted(&rows, criteria.point, limit, is_eligible)?;
        let around = self.officers_around(criteria.point, reach(&eligible), most).await?;
        Ok((eligible, around))
    }

    async fn officers_in(&mut self, area: GeoBox, after: Option<OfficerId>, limit: u32) -> Result<Vec<Nearby>> {
        self.rows_in(area, after, limit).await?.iter().map(|row| nearby(row, None)).collect()
    }

    async fn tasks_around(
        &mut self,
        point: Point,
        radius_m: f64,
        states: &[TaskState],
        visible_to: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(Task, f64)>> {
        let rows = self.task_candidates(point, radius_m, states, visible_to, limit).await?;
        tasks_by_distance(&rows, point, radius_m, limit)
    }
}

/// The `limit` nearest of some tasks within a radius, with their distance; equal distances by number.
fn tasks_by_distance(rows: &[PgRow], point: Point, radius_m: f64, limit: u32) -> Result<Vec<(Task, f64)>> {
    let found = rows.iter().map(crate::task::task).collect::<Result<Vec<_>>>()?;
    let measure = |task: Task| task.location.map(|place| (geodesy::distance_m(point, place), task));
    let mut found: Vec<(f64, Task)> =
        found.into_iter().filter_map(measure).filter(|(distance_m, _)| *distance_m <= radius_m).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.id.cmp(&b.1.id)));
    found.truncate(limit as usize);
    Ok(found.into_iter().map(|(distance_m, task)| (task, distance_m)).collect())
}
