//! Making a task.

use domain::audit::AuditEvent;
use domain::task::{Description, NewTask, PlaceDescription, Title};
use domain::{Event, JsonObject, OfficerId, Point, Priority, Task, TaskCode, TaskKind, Time, UserId};

use crate::diff::Difference;
use crate::policy::{self, Permission};
use crate::record;
use crate::{Actor, Context, Error, Forbidden, Result, idempotency, retry_contention, stats, task};

/// A task as it is asked for.
#[derive(Debug, Clone)]
pub struct NewTaskInput {
    /// Short name.
    pub code: TaskCode,
    /// Title.
    pub title: Title,
    /// What is to be done.
    pub description: Option<Description>,
    /// What it is about.
    pub kind: TaskKind,
    /// How soon.
    pub priority: Priority,
    /// When it should begin.
    pub scheduled_start: Time,
    /// When it should end.
    pub scheduled_end: Option<Time>,
    /// The supervisor who answers for it.
    pub delegate: UserId,
    /// Who the caller says makes it: nobody but the actor may stand there.
    pub creator: Option<UserId>,
    /// Where.
    pub location: Option<Point>,
    /// Where, in words.
    pub location_description: Option<PlaceDescription>,
    /// Who is sent.
    pub officers: Vec<OfficerId>,
    /// Send officers whom the rules exclude.
    pub force: bool,
    /// Free data.
    pub extra: JsonObject,
    /// Let everybody hear of it at once.
    pub alert: bool,
}

/// Makes a task in state `programada` and sends officers to it.
pub async fn create(cx: &Context, actor: &Actor, input: NewTaskInput) -> Result<Task> {
    policy::require(actor, Permission::CreateTasks)?;
    let creator = actor.acting_user().or(actor.user());
    let creator = creator.ok_or(Error::Forbidden(Forbidden::Field("creado_por_usuario_id")))?;
    if input.creator.is_some_and(|named| named != creator) {
        return Err(Error::Forbidden(Forbidden::Field("creado_por_usuario_id")));
    }
    let task = retry_contention(|| create_once(cx, actor, creator, input.clone())).await?;
    stats::forget(cx).await;
    Ok(task)
}

async fn create_once(cx: &Context, actor: &Actor, creator: UserId, input: NewTaskInput) -> Result<Task> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(task) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(task);
    }
    // The actor is alive, or there would be no actor.
    if input.delegate != creator && tx.users().by_id(input.delegate).await?.is_none() {
        return Err(Error::invalid("delegado_usuario_id", format!("no user has the id {}", input.delegate)));
    }
    let new = NewTask {
        uuid: cx.rng.uuid(),
        code: input.code,
        title: input.title,
        description: input.description,
        kind: input.kind,
        priority: input.priority,
        scheduled_start: input.scheduled_start,
        scheduled_end: input.scheduled_end,
        delegate: input.delegate,
        creator,
        location: input.location,
        location_description: input.location_description,
        awaits_officer: false,
        emergency: false,
        dispatch_from: None,
        extra: input.extra,
        created_at: now,
    };
    new.check()?;
    let mut task = tx.tasks().insert(&new).await?;
    task::push_state(&mut *tx, Some(actor), &task, None, None, now).await?;
    let mut events = Vec::with_capacity(3);
    if !input.officers.is_empty() {
        let choice = task::Choice::ByHand { force: input.force };
        let sent = task::send(cx, &mut *tx, actor, &mut task, &input.officers, choice, now).await?;
        events.push(Event::TaskAssigned { task: Box::new(task.clone()), officers: sent });
    }
    events.insert(0, Event::TaskCreated { task: Box::new(task.clone()) });
    if input.alert {
        let (assigned, distance_m, last_choice) = (task.officers.first().copied(), None, Vec::new());
        events.push(Event::EmergencyRaised { task: Box::new(task.clone()), assigned, distance_m, last_choice });
    }
    record::events(cx, &mut *tx, actor, now, events).await?;
    let note = Difference::made(&task)
        .note(cx, actor, AuditEvent::Create, now, format!("Tarea {} creada", task.code))
        .tags("create,data_change");
    record::audit(&mut *tx, [note]).await?;
    idempotency::keep(&mut *tx, actor, &task).await?;
    tx.commit().await?;
    Ok(task)
}
