//! Somebody calls for help.

use chrono::TimeDelta;
use domain::audit::{AuditEvent, Severity};
use domain::dispatch::{Criteria, Nearby};
use domain::history::HistoryEntry;
use domain::task::{Description, NewTask, Title};
use domain::{Event, JsonObject, OfficerId, Point, Priority, Task, TaskCode, TaskKind, TaskState, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;

use super::pick::pick;
use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::task::{self, Step};
use crate::{Actor, Context, Error, Forbidden, Result, idempotency, stats};

/// A call for help.
#[derive(Debug, Clone)]
pub struct EmergencyCall {
    /// Where.
    pub point: Point,
    /// What happens.
    pub description: Option<Description>,
}

/// What became of a call for help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Emergency {
    /// The task: begun when somebody is sent, else waiting for the first who becomes free.
    pub task: Task,
    /// Who is sent.
    pub assigned: Option<OfficerId>,
    /// How far that officer was, in metres.
    pub distance_m: Option<f64>,
    /// When the call came.
    pub received_at: Time,
}

/// Makes a task of a call for help and sends the nearest free officer, all in one transaction.
/// With nobody free the task waits, and [`super::assign_waiting`] sends the first who becomes so.
pub async fn raise(cx: &Context, actor: &Actor, call: EmergencyCall) -> Result<Emergency> {
    policy::require(actor, Permission::RaiseEmergency)?;
    let creator = actor.user().ok_or(Error::Forbidden(Forbidden::Level))?;
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(emergency) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(emergency);
    }
    let code = TaskCode::for_emergency(now, &*cx.rng);
    let new = NewTask {
        uuid: cx.rng.uuid(),
        title: Title::try_from(format!("Emergencia {code}")).map_err(|error| Error::Internal(error.into()))?,
        code,
        description: call.description,
        kind: TaskKind::Intervention,
        priority: Priority::Critical,
        scheduled_start: now,
        scheduled_end: None,
        delegate: creator,
        creator,
        location: Some(call.point),
        location_description: None,
        awaits_officer: true,
        extra: JsonObject::new(),
        created_at: now,
    };
    let task = tx.tasks().insert(&new).await?;
    let entry =
        HistoryEntry { task: task.id, from: None, to: TaskState::Scheduled, by: Some(creator), reason: None, at: now };
    tx.history().push(&entry).await?;
    record::events(cx, &mut *tx, actor, now, [Event::TaskCreated { task: Box::new(task.clone()) }]).await?;
    let criteria = criteria(cx, call.point);
    let (task, sent) = match pick(&mut *tx, &criteria, now).await? {
        Some(nearest) => (begin(cx, &mut *tx, actor, task, &nearest, now).await?, Some(nearest)),
        None => (task, None),
    };
    let assigned = sent.as_ref().map(|nearest| nearest.officer.id);
    let distance_m = sent.as_ref().map(|nearest| nearest.distance_m);
    let event = Event::EmergencyRaised { task: Box::new(task.clone()), assigned, distance_m };
    record::events(cx, &mut *tx, actor, now, [event]).await?;
    let note = Note::new(cx, actor, AuditEvent::EmergencyCreated, now, format!("Emergencia {}", task.code))
        .on("tarea", task.id)
        .values(None, Some(json!({ "codigo": task.code, "assigned_efectivo_id": assigned, "distance_m": distance_m })))
        .severity(Severity::High)
        .tags("create,data_change");
    record::audit(&mut *tx, [note]).await?;
    let emergency = Emergency { task, assigned, distance_m, received_at: now };
    idempotency::keep(&mut *tx, actor, &emergency).await?;
    tx.commit().await?;
    stats::forget(cx).await;
    Ok(emergency)
}

/// What an officer must meet to be sent to `point` by itself.
pub(super) fn criteria(cx: &Context, point: Point) -> Criteria {
    let settings = &cx.settings.dispatch;
    let max_position_age: TimeDelta = settings.max_position_age;
    Criteria { point, radius_m: settings.radius_m, max_position_age, unit: None }
}

/// Sends a locked officer to an emergency and begins it, so that the one-active-task rule of the
/// record holds the officer from this moment on.
pub(super) async fn begin(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut task: Task,
    nearest: &Nearby,
    now: Time,
) -> Result<Task> {
    let officers = task::send(cx, tx, actor, &mut task, &[nearest.officer.id], now).await?;
    task.awaits_officer = false;
    let by_system = actor.user().is_none();
    let step = Step { to: TaskState::InProgress, reason: None, by_system };
    let task = task::step(cx, tx, actor, task, step, now).await?;
    let event = Event::TaskAssigned { task: Box::new(task.clone()), officers };
    record::events(cx, tx, actor, now, [event]).await?;
    Ok(task)
}
