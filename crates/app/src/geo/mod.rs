//! What a map shows.

use domain::dispatch::Nearby;
use domain::position::DeviceWatch;
use domain::{GeoBox, OfficerId, Point, Task, TaskState};
use store::task::TaskFilter;
use store::{Cursor, Page, Tx};

use crate::audit::{Reading, leave_reading};
use crate::policy::{self, Permission};
use crate::{Actor, Context, Result};

/// Most officers and most tasks of one answer.
pub const MOST: u32 = 500;
/// Most things that a part of a list by distance passes over.
const MOST_SKIPPED: i64 = 1_000_000;
/// Tasks that a map shows: those that have not ended.
const ACTIVE: [TaskState; 3] = [TaskState::Scheduled, TaskState::InProgress, TaskState::Paused];

/// Part of the officers and active tasks around a point, nearest first.
#[derive(Debug)]
pub struct MapView {
    /// Officers with a position.
    pub officers: Vec<Nearby>,
    /// Tasks with a place, and their distance in metres.
    pub tasks: Vec<(Task, f64)>,
    /// The cursor of the next part; `None` where there are no more officers and no more tasks.
    pub next: Option<i64>,
}

/// At most [`MOST`] things, and where the next part begins.
#[derive(Debug)]
pub struct Shown<T> {
    /// The things.
    pub items: Vec<T>,
    /// The cursor of the next part; `None` where there are no more.
    pub next: Option<i64>,
}

impl<T> Shown<T> {
    /// Of one more than are shown, if there are so many. `cursor` names the next part by the last thing shown.
    fn cut(mut items: Vec<T>, cursor: impl Fn(&T) -> i64) -> Self {
        let is_cut = items.len() > MOST as usize;
        items.truncate(MOST as usize);
        Self { next: items.last().filter(|_| is_cut).map(cursor), items }
    }

    /// The same of a list by distance, whose cursor is the number of things passed over.
    fn by_distance(items: Vec<T>, skipped: u32) -> Self {
        let items: Vec<T> = items.into_iter().skip(skipped as usize).collect();
        Self::cut(items, |_| i64::from(skipped.saturating_add(MOST)))
    }
}

/// Things that a part by distance passes over, and how many are looked for.
fn skipped(cursor: Option<i64>) -> (u32, u32) {
    let skipped = u32::try_from(cursor.unwrap_or_default().clamp(0, MOST_SKIPPED)).unwrap_or_default();
    (skipped, skipped + MOST + 1)
}

/// What is within `radius_m` metres of `point`, at most [`MOST`] officers and tasks after `cursor`. Level 1
/// sees own tasks, and of officers oneself.
pub async fn view(cx: &Context, actor: &Actor, point: Point, radius_m: f64, cursor: Option<i64>) -> Result<MapView> {
    let (skipped, limit) = skipped(cursor);
    let mut tx = cx.store.read().await?;
    let officers = if policy::require(actor, Permission::ViewPeople).is_ok() {
        tx.geo().officers_around(point, radius_m, limit).await?
    } else {
        oneself(&mut *tx, actor, point, radius_m).await?.into_iter().collect()
    };
    let tasks = tx.geo().tasks_around(point, radius_m, &ACTIVE, policy::task_scope(actor), limit).await?;
    drop(tx);
    let (officers, tasks) = (Shown::by_distance(officers, skipped), Shown::by_distance(tasks, skipped));
    if policy::require(actor, Permission::ViewPeople).is_ok() {
        leave_reading(cx, actor, around("efectivo", point, radius_m), officers.items.len()).await?;
    }
    Ok(MapView { next: officers.next.or(tasks.next), officers: officers.items, tasks: tasks.items })
}

fn within(resource_type: &'static str, area: GeoBox) -> Reading {
    Reading::of_several(resource_type).filter("bbox", vec![area.west, area.south, area.east, area.north])
}

fn around(resource_type: &'static str, point: Point, radius_m: f64) -> Reading {
    Reading::of_several(resource_type).filter("lat", point.lat()).filter("lng", point.lng()).filter("radio_m", radius_m)
}

async fn oneself(tx: &mut dyn Tx, actor: &Actor, point: Point, radius_m: f64) -> Result<Option<Nearby>> {
    let Some(id) = actor.officer() else { return Ok(None) };
    let seen = tx.geo().officer_seen(id, point).await?;
    Ok(seen.filter(|nearby| nearby.distance_m <= radius_m))
}

/// Officers with a position in the box whose number is above `cursor`, by number, with what is odd about
/// their devices.
pub async fn officers_in(
    cx: &Context,
    actor: &Actor,
    area: GeoBox,
    cursor: Option<i64>,
) -> Result<Shown<(Nearby, DeviceWatch)>> {
    policy::require(actor, Permission::ViewPeople)?;
    let mut tx = cx.store.read().await?;
    let officers = tx.geo().officers_in(area, cursor.map(OfficerId), MOST + 1).await?;
    let ids: Vec<OfficerId> = officers.iter().map(|nearby| nearby.officer.id).collect();
    let watches = tx.positions().watches(&ids).await?;
    drop(tx);
    let with_watch = |nearby: Nearby| {
        let watch = watches.get(&nearby.officer.id).copied().unwrap_or_default();
        (nearby, watch)
    };
    let officers = Shown::cut(officers.into_iter().map(with_watch).collect(), |(nearby, _)| nearby.officer.id.0);
    leave_reading(cx, actor, within("efectivo", area), officers.items.len()).await?;
    Ok(officers)
}

/// Active tasks in the box whose number is above `cursor`, by number.
pub async fn tasks_in(cx: &Context, actor: &Actor, area: GeoBox, cursor: Option<i64>) -> Result<Shown<Task>> {
    policy::require(actor, Permission::ViewAllTasks)?;
    let filter = TaskFilter { states: ACTIVE.to_vec(), within: Some(area), ..TaskFilter::default() };
    let page = Page { after: cursor.map(Cursor), ..Page::first(MOST + 1) };
    let tasks = cx.store.read().await?.tasks().list(&filter, page).await?;
    let tasks = Shown::cut(tasks, |task| task.id.0);
    leave_reading(cx, actor, within("tarea", area), tasks.items.len()).await?;
    Ok(tasks)
}

/// Active tasks within `radius_m` metres of `point`, nearest first, after `cursor`.
pub async fn tasks_around(
    cx: &Context,
    actor: &Actor,
    point: Point,
    radius_m: f64,
    cursor: Option<i64>,
) -> Result<Shown<Task>> {
    policy::require(actor, Permission::ViewAllTasks)?;
    let (skipped, limit) = skipped(cursor);
    let tasks = cx.store.read().await?.geo().tasks_around(point, radius_m, &ACTIVE, None, limit).await?;
    let tasks = Shown::by_distance(tasks.into_iter().map(|(task, _)| task).collect(), skipped);
    leave_reading(cx, actor, around("tarea", point, radius_m), tasks.items.len()).await?;
    Ok(tasks)
}
