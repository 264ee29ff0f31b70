//! An officer leaves: is deleted, disabled, unlinked, blocks the bot or goes off duty. No call is left
//! without an officer by it.

use std::collections::BTreeSet;

use domain::audit::AuditEvent;
use domain::{Assignment, AssignmentState, OfficerId, Task, TaskCode, TaskId, Time};
use serde_json::json;
use store::Tx;

use super::send::replace_officer;
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Result, assignment, retry_contention, task};

/// Officers who left that are looked for at once.
const PAGE: u32 = 100;

/// Locks the tasks that an officer is sent to or is offered, in order of number, then the officer, and
/// returns them with the assignments as they are under these locks.
///
/// # Errors
/// `Contention` when the officer was sent to another task meanwhile: the use case is run again.
async fn lock_tasks(tx: &mut dyn Tx, officer: OfficerId) -> Result<Vec<(Task, Assignment)>> {
    let mut ids: Vec<TaskId> = tx.assignments().open_of_officer(officer).await?.iter().map(|row| row.task).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut tasks = Vec::with_capacity(ids.len());
    for id in &ids {
        tasks.extend(tx.tasks().lock(*id).await?);
    }
    tx.officers().lock(&[officer]).await?;
    let rows = tx.assignments().open_of_officer(officer).await?;
    if rows.iter().any(|row| !ids.contains(&row.task)) {
        return Err(Error::Contention("the officer was sent to another task meanwhile".into()));
    }
    let find = |row: Assignment| {
        let task = tasks.iter().find(|task| task.id == row.task)?;
        Some((task.clone(), row))
    };
    Ok(rows.into_iter().filter_map(find).collect())
}

/// Refuses that an officer leaves for good who is sent to tasks that have not ended; ends offers.
///
/// # Errors
/// `Occupied` with the codes of the tasks.
pub(crate) async fn refuse_while_sent(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    officer: OfficerId,
    now: Time,
) -> Result<()> {
    refuse(cx, tx, actor, officer, |_| true, "El efectivo fue dado de baja", now).await
}

/// Refuses that an officer goes off duty whose tasks should have begun; ends offers. Tasks for later
/// stay planned.
///
/// # Errors
/// `Occupied` with the codes of the tasks.
pub(crate) async fn refuse_while_due(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    officer: OfficerId,
    now: Time,
) -> Result<()> {
    let is_due = |task: &Task| task.emergency || task.state.holds_officers() || task.scheduled_start <= now;
    refuse(cx, tx, actor, officer, is_due, "El efectivo salió de servicio", now).await
}

/// Refuses that an officer leaves who is sent to tasks that `binds` names; else ends offers.
async fn refuse(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    officer: OfficerId,
    binds: impl Fn(&Task) -> bool,
    why: &str,
    now: Time,
) -> Result<()> {
    let (sent, offered): (Vec<_>, Vec<_>) =
        lock_tasks(tx, officer).await?.into_iter().partition(|(task, _)| task.officers.contains(&officer));
    let codes: Vec<TaskCode> = sent.into_iter().filter(|(task, _)| binds(task)).map(|(task, _)| task.code).collect();
    if !codes.is_empty() {
        return Err(Error::Occupied(codes));
    }
    for (task, _) in offered {
        assignment::take_off(cx, tx, actor, &task, &[officer], Some(why), now).await?;
    }
    Ok(())
}

/// Takes an officer off all tasks that have not ended and dispatches them again: with event, history
/// and audit. Returns the tasks.
pub(crate) async fn release(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    officer: OfficerId,
    why: &str,
    now: Time,
) -> Result<Vec<TaskCode>> {
    let mut released = Vec::new();
    for (mut task, _) in lock_tasks(tx, officer).await? {
        let was_held = task.officers.contains(&officer);
        assignment::take_off(cx, tx, actor, &task, &[officer], Some(why), now).await?;
        if !was_held {
            continue;
        }
        tx.tasks().unassign(task.id, &[officer]).await?;
        task.officers.retain(|id| *id != officer);
        task::settle(cx, tx, actor, &task, &[officer], now).await?;
        task::push_history(tx, actor, &task, why, now).await?;
        let note = Note::new(cx, actor, AuditEvent::Update, now, format!("Tarea {}: {why}", task.code))
            .on("tarea", task.id)
            .values(Some(json!({ "efectivos_asignados": [officer] })), None)
            .tags("update,data_change");
        record::audit(tx, [note]).await?;
        let task = replace_officer(cx, tx, actor, task, Some(why), now).await?;
        let changed = vec!["efectivos_asignados".to_owned()];
        let event = task::updated_event(actor, &task, changed, vec![officer], None, Some(why));
        record::events(cx, tx, actor, now, [event]).await?;
        released.push(task.code);
    }
    Ok(released)
}

/// The officer can no longer be reached: what was not accepted expires now, so that the next officer
/// is asked at once. Accepted tasks go on.
pub(crate) async fn expire_unanswered(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    officer: OfficerId,
    why: &str,
    now: Time,
) -> Result<()> {
    for (task, row) in lock_tasks(tx, officer).await? {
        let runs = row.runs_from.is_some_and(|from| from <= now);
        if !runs || !row.state.is_unanswered() || row.state == AssignmentState::Expired {
            continue;
        }
        assignment::expire(cx, tx, actor, &task, Some(officer), Some(why), now).await?;
        // A call that waits is served by the queue; its deadline is that of waiting.
        if !task.awaits_officer
            && let Some(mut state) = tx.dispatch().state(task.id).await?
            && state.due_at.is_none_or(|due| due > now)
        {
            state.due_at = Some(now);
            tx.dispatch().put_state(&state).await?;
        }
    }
    Ok(())
}

/// A chat blocked the bot: its officer cannot be reached by it any more.
pub async fn officer_unreachable(cx: &Context, officer: OfficerId, why: &str) -> Result<()> {
    retry_contention(|| unreachable_once(cx, officer, why)).await
}

async fn unreachable_once(cx: &Context, officer: OfficerId, why: &str) -> Result<()> {
    let actor = Actor::system(cx.rng.uuid().to_string(), "dispatch");
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    expire_unanswered(cx, &mut *tx, &actor, officer, why, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Releases officers who are deleted, or whose account is not active, from tasks that have not ended:
/// after an import or a restore, and for whatever else wrote past the use cases. Returns how many were
/// released.
pub async fn release_departed(cx: &Context) -> Result<usize> {
    let mut released = 0;
    // Officers who could not be released must not hide those behind them.
    let mut tried = BTreeSet::new();
    loop {
        let limit = PAGE.saturating_add(u32::try_from(tried.len()).unwrap_or(u32::MAX).saturating_mul(PAGE));
        let rows = cx.store.read().await?.assignments().of_departed(limit).await?;
        let officers: BTreeSet<OfficerId> =
            rows.iter().map(|row| row.officer).filter(|officer| !tried.contains(officer)).collect();
        if officers.is_empty() {
            return Ok(released);
        }
        for officer in officers {
            tried.insert(officer);
            match retry_contention(|| release_once(cx, officer)).await {
                Ok(()) => released += 1,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(officer.id = officer.0, error, "departed officer not released");
                }
            }
        }
    }
}

async fn release_once(cx: &Context, officer: OfficerId) -> Result<()> {
    let actor = Actor::system(cx.rng.uuid().to_string(), "dispatch");
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let codes = release(cx, &mut *tx, &actor, officer, "El efectivo ya no está en servicio", now).await?;
    tx.commit().await?;
    for code in codes {
        tracing::warn!(officer.id = officer.0, task.code = code.as_str(), "departed officer released from task");
    }
    Ok(())
}
