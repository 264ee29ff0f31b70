//! Reading assignments and offers.

use std::collections::BTreeMap;

use domain::dispatch::DispatchState;
use domain::personal::Phone;
use domain::{Assignment, AssignmentId, Officer, OfficerId, Task, TaskId, Time};
use store::Tx;

use crate::audit::{Reading, leave_reading};
use crate::policy::{self, Permission};
use crate::{Actor, Context, Error, Kind, Result};

/// An assignment with what a screen shows beside it.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The assignment or offer.
    pub assignment: Assignment,
    /// Its task.
    pub task: Task,
    /// The officer; `None` when deleted.
    pub officer: Option<Officer>,
    /// The officer's telephone number, for calling by voice.
    pub phone: Option<Phone>,
    /// How the dispatch of the task stands.
    pub dispatch: Option<DispatchState>,
}

/// All assignments and offers of a task, oldest first.
pub async fn of_task(cx: &Context, actor: &Actor, id: TaskId) -> Result<Vec<Sent>> {
    let mut tx = cx.store.read().await?;
    let task = tx.tasks().by_id(id).await?.ok_or_else(|| Error::not_found(Kind::Task, id))?;
    let rows = tx.assignments().of_tasks(&[id]).await?;
    let is_offered = rows.iter().any(|row| actor.officer() == Some(row.officer) && row.is_open());
    if !is_offered {
        policy::may_see_task(actor, &task)?;
    }
    let sent = with_people(&mut *tx, rows, actor).await?;
    drop(tx);
    leave_line(cx, actor, Reading::of_one("tarea", id), &sent).await?;
    Ok(sent)
}

/// Where telephone numbers were shown, the read leaves an audit line.
async fn leave_line(cx: &Context, actor: &Actor, reading: Reading, sent: &[Sent]) -> Result<()> {
    let others = sent.iter().filter(|one| one.phone.is_some() && actor.officer() != Some(one.assignment.officer));
    match others.count() {
        0 => Ok(()),
        count => leave_reading(cx, actor, reading, count).await,
    }
}

/// The latest assignment or offer of the actor in a task, at whatever state; `None` for one who was
/// never sent to it nor offered it.
pub async fn own(cx: &Context, actor: &Actor, task: TaskId) -> Result<Option<Assignment>> {
    let Some(officer) = actor.officer() else { return Ok(None) };
    let rows = cx.store.read().await?.assignments().of_tasks(&[task]).await?;
    Ok(rows.into_iter().rev().find(|row| row.officer == officer))
}

/// One's own open assignments and offers in tasks that have not ended, by number.
pub async fn mine(cx: &Context, actor: &Actor) -> Result<Vec<Sent>> {
    let Some(officer) = actor.officer() else { return Ok(Vec::new()) };
    let mut tx = cx.store.read().await?;
    let rows = tx.assignments().open_of_officer(officer).await?;
    with_people(&mut *tx, rows, actor).await
}

/// Assignments and offers that were sent, run and were not accepted, the longest running first; at
/// most `limit`, after the one that `after` names.
pub async fn unanswered(
    cx: &Context,
    actor: &Actor,
    after: Option<(Time, AssignmentId)>,
    limit: u32,
) -> Result<Vec<Sent>> {
    policy::require(actor, Permission::ViewAllTasks)?;
    let mut tx = cx.store.read().await?;
    let rows = tx.assignments().unanswered(cx.clock.now(), after, limit).await?;
    let sent = with_people(&mut *tx, rows, actor).await?;
    drop(tx);
    leave_line(cx, actor, Reading::of_several("asignacion").filter("limit", limit), &sent).await?;
    Ok(sent)
}

async fn with_people(tx: &mut dyn Tx, rows: Vec<Assignment>, actor: &Actor) -> Result<Vec<Sent>> {
    let tasks: Vec<TaskId> = rows.iter().map(|row| row.task).collect();
    let mut known_tasks: BTreeMap<TaskId, Task> = BTreeMap::new();
    let mut officers: BTreeMap<OfficerId, (Option<Officer>, Option<Phone>)> = BTreeMap::new();
    let states: BTreeMap<TaskId, DispatchState> =
        tx.dispatch().states(&tasks).await?.into_iter().map(|state| (state.task, state)).collect();
    let may_call = policy::require(actor, Permission::ViewPeople).is_ok();
    let mut sent = Vec::with_capacity(rows.len());
    for assignment in rows {
        let task = match known_tasks.get(&assignment.task) {
            Some(task) => task.clone(),
            None => {
                // Deleted meanwhile: not shown.
                let Some(task) = tx.tasks().by_id(assignment.task).await? else { continue };
                known_tasks.insert(task.id, task.clone());
                task
            }
        };
        let (officer, phone) = match officers.get(&assignment.officer) {
            Some(known) => known.clone(),
            None => {
                let officer = tx.officers().by_id(assignment.officer).await?;
                let phone = match &officer {
                    Some(officer) if may_call => tx.users().by_id(officer.user).await?.and_then(|user| user.phone),
                    _ => None,
                };
                officers.insert(assignment.officer, (officer.clone(), phone.clone()));
                (officer, phone)
            }
        };
        let dispatch = states.get(&task.id).cloned();
        sent.push(Sent { assignment, task, officer, phone, dispatch });
    }
    Ok(sent)
}
