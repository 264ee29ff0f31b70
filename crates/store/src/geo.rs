//! Who and what is near. Distances are metres along the WGS 84 ellipsoid; equal distances are
//! ordered by number.

use async_trait::async_trait;
use domain::dispatch::{Criteria, Nearby};
use domain::{GeoBox, OfficerId, Point, Task, TaskState, Time, UserId};

use crate::Result;

/// Questions about places.
#[async_trait]
pub trait GeoRepo: Send {
    /// Officers who meet the criteria at `now`, last choices included, nearest first, at most `limit`.
    async fn nearest_eligible(&mut self, criteria: &Criteria, now: Time, limit: u32) -> Result<Vec<Nearby>>;
    /// Officers who meet the criteria at `now` and are no last choice, nearest first, at most `limit`.
    async fn nearest_first_choice(&mut self, criteria: &Criteria, now: Time, limit: u32) -> Result<Vec<Nearby>>;
    /// One officer with a position, as seen from `point`.
    async fn officer_seen(&mut self, officer: OfficerId, point: Point) -> Result<Option<Nearby>>;
    /// Emergencies that wait for an officer and may be given one at `now`, within `radius_m` of
    /// `point`, nearest first, at most `limit`, with their distance.
    async fn waiting_around(&mut self, point: Point, radius_m: f64, now: Time, limit: u32) -> Result<Vec<(Task, f64)>>;
    /// All officers with a position within `radius_m` of `point`, nearest first, at most `limit`.
    async fn officers_around(&mut self, point: Point, radius_m: f64, limit: u32) -> Result<Vec<Nearby>>;
    /// [`GeoRepo::nearest_eligible`], and beside them all officers who are as near as the farthest of
    /// these, or within the radius when there are fewer than `limit`; nearest first, at most `most`.
    async fn nearest_judged(
        &mut self,
        criteria: &Criteria,
        now: Time,
        limit: u32,
        most: u32,
    ) -> Result<(Vec<Nearby>, Vec<Nearby>)> {
        let eligible = self.nearest_eligible(criteria, now, limit).await?;
        let reach = criteria.reach(eligible.len(), eligible.last().map(|last| last.distance_m), limit);
        let around = self.officers_around(criteria.point, reach, most).await?;
        Ok((eligible, around))
    }
    /// Officers with a position in the box whose number is above `after`, by number, at most `limit`.
    /// `distance_m` is 0.
    async fn officers_in(&mut self, area: GeoBox, after: Option<OfficerId>, limit: u32) -> Result<Vec<Nearby>>;
    /// Located tasks within `radius_m` of `point` in one of `states` (any, when empty), nearest
    /// first, at most `limit`, with their distance; with `visible_to`, only those that the user
    /// delegates or is assigned to.
    async fn tasks_around(
        &mut self,
        point: Point,
        radius_m: f64,
        states: &[TaskState],
        visible_to: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(Task, f64)>>;
}
