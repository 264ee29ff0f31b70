//! What a map shows.

use domain::dispatch::Nearby;
use domain::{GeoBox, Point, Task, TaskState};
use store::task::TaskFilter;
use store::{Page, Tx};

use crate::audit::{Reading, leave_reading};
use crate::policy::{self, Permission};
use crate::{Actor, Context, Result};

/// Most officers and most tasks of one answer.
pub const MOST: u32 = 500;
/// Tasks that a map shows: those that have not ended.
const ACTIVE: [TaskState; 3] = [TaskState::Scheduled, TaskState::InProgress, TaskState::Paused];

/// Officers and active tasks around a point, nearest first.
#[derive(Debug)]
pub struct MapView {
    /// Officers with a position.
    pub officers: Vec<Nearby>,
    /// Tasks with a place, and their distance in metres.
    pub tasks: Vec<(Task, f64)>,
    /// Whether there are more officers or tasks than are shown.
    pub cut: bool,
}

/// At most [`MOST`] things, and whether there are more.
#[derive(Debug)]
pub struct Shown<T> {
    /// The things.
    pub items: Vec<T>,
    /// Whether there are more.
    pub cut: bool,
}

impl<T> From<Vec<T>> for Shown<T> {
    /// Of one more than are shown, if there are so many.
    fn from(mut items: Vec<T>) -> Self {
        let cut = items.len() > MOST as usize;
        items.truncate(MOST as usize);
        Self { items, cut }
    }
}

/// What is within `radius_m` metres of `point`. Level 1 sees own tasks, and of officers oneself.
pub async fn view(cx: &Context, actor: &Actor, point: Point, radius_m: f64) -> Result<MapView> {
    let mut tx = cx.store.read().await?;
    let officers = if policy::require(actor, Permission::ViewPeople).is_ok() {
        tx.geo().officers_around(point, radius_m, MOST + 1).await?
    } else {
        oneself(&mut *tx, actor, point, radius_m).await?.into_iter().collect()
    };
    let tasks = tx.geo().tasks_around(point, radius_m, &ACTIVE, policy::task_scope(actor), MOST + 1).await?;
    drop(tx);
    let (officers, tasks) = (Shown::from(officers), Shown::from(tasks));
    if policy::require(actor, Permission::ViewPeople).is_ok() {
        leave_reading(cx, actor, around("efectivo", point, radius_m), officers.items.len()).await?;
    }
    Ok(MapView { cut: officers.cut || tasks.cut, officers: officers.items, tasks: tasks.items })
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

/// Officers with a position in the box, by number.
pub async fn officers_in(cx: &Context, actor: &Actor, area: GeoBox) -> Result<Shown<Nearby>> {
    policy::require(actor, Permission::ViewPeople)?;
    let officers = Shown::from(cx.store.read().await?.geo().officers_in(area, MOST + 1).await?);
    leave_reading(cx, actor, within("efectivo", area), officers.items.len()).await?;
    Ok(officers)
}

/// Active tasks in the box, by number.
pub async fn tasks_in(cx: &Context, actor: &Actor, area: GeoBox) -> Result<Shown<Task>> {
    policy::require(actor, Permission::ViewAllTasks)?;
    let filter = TaskFilter { states: ACTIVE.to_vec(), within: Some(area), ..TaskFilter::default() };
    let tasks = Shown::from(cx.store.read().await?.tasks().list(&filter, Page::first(MOST + 1)).await?);
    leave_reading(cx, actor, within("tarea", area), tasks.items.len()).await?;
    Ok(tasks)
}

/// Active tasks within `radius_m` metres of `point`, nearest first.
pub async fn tasks_around(cx: &Context, actor: &Actor, point: Point, radius_m: f64) -> Result<Shown<Task>> {
    policy::require(actor, Permission::ViewAllTasks)?;
    let tasks = cx.store.read().await?.geo().tasks_around(point, radius_m, &ACTIVE, None, MOST + 1).await?;
    let tasks = Shown::from(tasks.into_iter().map(|(task, _)| task).collect::<Vec<_>>());
    leave_reading(cx, actor, around("tarea", point, radius_m), tasks.items.len()).await?;
    Ok(tasks)
}
