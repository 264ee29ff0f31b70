//! The desk's part: who took an alert on, why an officer was chosen, and undoing a burst of calls.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::audit::{AuditEvent, Severity};
use domain::dispatch::{DispatchDecision, DispatchState};
use domain::{Event, Task, TaskId, TaskState, Time, UserId};
use serde_json::json;
use store::task::TaskFilter;
use store::{Cursor, Page, Tx};

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Kind, Result, retry_contention, stats, task};

/// Calls that one request undoes at most.
const MOST_UNDONE: u32 = 500;
/// Rows that [`alerts`] reads at once.
const PART: u32 = 500;
/// How far back a burst may lie.
const OLDEST_BURST: TimeDelta = TimeDelta::hours(24);

/// Takes an emergency alert on, so that all desks see who is on it. Again by the same user is no
/// change; `force` takes it over from another.
///
/// # Errors
/// `Taken` when another user has it.
pub async fn take(cx: &Context, actor: &Actor, id: TaskId, force: bool) -> Result<(Task, DispatchState)> {
    policy::require(actor, Permission::AssignTasks)?;
    retry_contention(|| take_once(cx, actor, id, force)).await
}

async fn take_once(cx: &Context, actor: &Actor, id: TaskId, force: bool) -> Result<(Task, DispatchState)> {
    let user = actor.user().ok_or(Error::Unauthenticated)?;
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let task = tx.tasks().lock(id).await?.ok_or_else(|| Error::not_found(Kind::Task, id))?;
    let mut state = tx.dispatch().state(id).await?.unwrap_or_else(|| DispatchState::new(id, now));
    match state.taken_by {
        Some(by) if by == user => return Ok((task, state)),
        Some(by) if !force => return Err(Error::Taken(by)),
        _ => {}
    }
    let before = state.taken_by;
    (state.taken_by, state.taken_at) = (Some(user), Some(now));
    tx.dispatch().put_state(&state).await?;
    record::events(cx, &mut *tx, actor, now, [Event::AlertTaken { task: Box::new(task.clone()), by: user }]).await?;
    let note = Note::new(cx, actor, AuditEvent::Update, now, format!("Alerta {} tomada", task.code))
        .on("tarea", id)
        .values(Some(json!({ "tomado_por": before })), Some(json!({ "tomado_por": user })))
        .tags("update");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    Ok((task, state))
}

/// An emergency that the desk must watch.
#[derive(Debug, Clone)]
pub struct OpenAlert {
    /// The emergency.
    pub task: Task,
    /// How its dispatch stands; `None` when it was never dispatched.
    pub dispatch: Option<DispatchState>,
    /// Whether one officer has accepted it, while others were sent or asked and have not answered.
    pub is_accepted: bool,
}

/// Unfinished emergencies that wait for an officer, or whose officers have not all answered, by number.
pub async fn alerts(cx: &Context, actor: &Actor) -> Result<Vec<OpenAlert>> {
    policy::require(actor, Permission::ViewAllTasks)?;
    let mut tx = cx.store.read().await?;
    let mut open = waiting_tasks(&mut *tx).await?;
    for id in unanswered_tasks(&mut *tx, cx.clock.now()).await? {
        if !open.contains_key(&id)
            && let Some(task) = tx.tasks().by_id(id).await?
        {
            open.insert(id, task);
        }
    }
    open.retain(|_, task| task.emergency && !task.state.is_final());
    let ids: Vec<TaskId> = open.keys().copied().collect();
    let rows = tx.assignments().of_tasks(&ids).await?;
    let accepted: BTreeSet<TaskId> = rows.iter().filter(|row| row.state.is_accepted()).map(|row| row.task).collect();
    let mut states: BTreeMap<TaskId, DispatchState> =
        tx.dispatch().states(&ids).await?.into_iter().map(|state| (state.task, state)).collect();
    let alerts = open.into_values().map(|task| OpenAlert {
        dispatch: states.remove(&task.id),
        is_accepted: accepted.contains(&task.id),
        task,
    });
    Ok(alerts.collect())
}

/// All emergencies that wait for an officer.
async fn waiting_tasks(tx: &mut dyn Tx) -> Result<BTreeMap<TaskId, Task>> {
    let filter = TaskFilter { awaits_officer: Some(true), ..TaskFilter::default() };
    let mut waiting: BTreeMap<TaskId, Task> = BTreeMap::new();
    loop {
        let after = waiting.last_key_value().map(|(last, _)| Cursor(last.0));
        let part = tx.tasks().list(&filter, Page { after, ..Page::first(PART) }).await?;
        let is_end = part.len() < PART as usize;
        waiting.extend(part.into_iter().map(|task| (task.id, task)));
        if is_end {
            return Ok(waiting);
        }
    }
}

/// All tasks with an assignment or an offer that runs and was not answered.
async fn unanswered_tasks(tx: &mut dyn Tx, now: Time) -> Result<BTreeSet<TaskId>> {
    let (mut tasks, mut after) = (BTreeSet::new(), None);
    loop {
        let part = tx.assignments().unanswered(now, after, PART).await?;
        let is_end = part.len() < PART as usize;
        after = part.last().and_then(|last| Some((last.runs_from?, last.id)));
        tasks.extend(part.iter().map(|row| row.task));
        if is_end || after.is_none() {
            return Ok(tasks);
        }
    }
}

/// Why officers were chosen for a task, oldest first.
pub async fn decisions(cx: &Context, actor: &Actor, id: TaskId) -> Result<Vec<DispatchDecision>> {
    policy::require(actor, Permission::ViewPeople)?;
    let mut tx = cx.store.read().await?;
    tx.tasks().by_id(id).await?.ok_or_else(|| Error::not_found(Kind::Task, id))?;
    Ok(tx.dispatch().decisions(id).await?)
}

/// How the dispatch of a task stands.
pub async fn state(cx: &Context, actor: &Actor, id: TaskId) -> Result<Option<DispatchState>> {
    task::by_id(cx, actor, id).await?;
    Ok(cx.store.read().await?.dispatch().state(id).await?)
}

/// What became of a burst of calls.
#[derive(Debug, Clone, Default)]
pub struct Undone {
    /// Cancelled.
    pub cancelled: Vec<Task>,
    /// Not cancelled, since an officer had accepted.
    pub kept: Vec<Task>,
    /// Whether more are left than one request undoes.
    pub cut: bool,
}

/// Cancels the unfinished emergencies of one caller since a time, those left out that an officer has
/// accepted. Their officers are free again.
pub async fn undo_burst(cx: &Context, actor: &Actor, caller: UserId, since: Time, reason: &str) -> Result<Undone> {
    policy::require(actor, Permission::AssignTasks)?;
    let length = reason.trim().chars().count();
    if !(1..=500).contains(&length) {
        return Err(Error::invalid("motivo", format!("must have 1 to 500 characters, has {length}")));
    }
    if since < cx.clock.now() - OLDEST_BURST {
        return Err(Error::invalid("desde", "must lie in the last 24 hours"));
    }
    let open = cx.store.read().await?.tasks().emergencies_of(caller, since, MOST_UNDONE + 1).await?;
    let mut undone = Undone { cut: open.len() > MOST_UNDONE as usize, ..Undone::default() };
    for task in open.into_iter().take(MOST_UNDONE as usize) {
        match retry_contention(|| undo_once(cx, actor, task.id, reason)).await? {
            Some(cancelled) => undone.cancelled.push(cancelled),
            None => undone.kept.push(task),
        }
    }
    stats::forget(cx).await;
    Ok(undone)
}

async fn undo_once(cx: &Context, actor: &Actor, id: TaskId, reason: &str) -> Result<Option<Task>> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let Some(task) = tx.tasks().lock(id).await? else { return Ok(None) };
    let is_accepted = tx.assignments().of_tasks(&[id]).await?.iter().any(|row| row.state.is_accepted());
    if is_accepted || task.state.is_final() {
        return Ok(None);
    }
    let officers = task.officers.clone();
    let step = task::Step { to: TaskState::Cancelled, reason: Some(reason), by_system: false };
    let task = task::step(cx, &mut *tx, actor, task, step, now).await?;
    let note = Note::new(cx, actor, AuditEvent::Update, now, format!("Emergencia {} deshecha", task.code))
        .on("tarea", id)
        .values(None, Some(json!({ "motivo": reason })))
        .severity(Severity::High)
        .tags("update,data_change");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    cx.freed_officers.add(officers);
    Ok(Some(task))
}
