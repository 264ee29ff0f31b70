//! Emergencies that wait get the first eligible officer: the one who becomes free or moves is matched
//! with the calls near that officer, and a pass over all waiting calls covers the rest.

use std::collections::BTreeSet;

use domain::dispatch::{Candidacy, DecisionTrigger, OpenCall, estimated_minutes, match_calls};
use domain::{Event, OfficerId, Task, TaskId, Time};

use super::eligibility::{bar_of, barred, criteria_around};
use super::send::dispatch_call;
use crate::{Actor, Context, Result, record, retry_contention, stats};

/// Waiting calls that are read at once.
const PAGE: u32 = 50;
/// Waiting calls near one officer that are compared.
const AROUND: u32 = 64;

/// Where the pass over all waiting calls goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaitingCursor(Option<(Time, TaskId)>);

/// Looks at all waiting calls once, oldest first, and sends officers. Returns how many calls got one.
/// Safe to run on every replica at once: a waiting task is locked by one.
pub async fn assign_waiting(cx: &Context) -> Result<usize> {
    let mut sent = serve_freed(cx).await?;
    let mut cursor = WaitingCursor::default();
    loop {
        let (served, next) = assign_page(cx, cursor).await?;
        sent += served;
        if next == WaitingCursor::default() {
            return Ok(sent);
        }
        cursor = next;
    }
}

/// Looks at one page of waiting calls; returns how many got an officer, and where to go on: at the
/// beginning after the last page. Reads only, unless a call can be served.
pub async fn assign_page(cx: &Context, cursor: WaitingCursor) -> Result<(usize, WaitingCursor)> {
    let now = cx.clock.now();
    let page = {
        let mut tx = cx.store.read().await?;
        tx.tasks().waiting(now, cursor.0, PAGE).await?
    };
    let next = match page.last() {
        Some(last) if page.len() == PAGE as usize => WaitingCursor(Some((last.created_at, last.id))),
        _ => WaitingCursor::default(),
    };
    let mut sent = 0;
    for task in page {
        match serve_if_possible(cx, &task, now).await {
            Ok(true) => sent += 1,
            Ok(false) => {}
            // One call that cannot be served must not keep the others from it.
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(task.id = task.id.0, error, "waiting emergency not served");
            }
        }
    }
    Ok((sent, next))
}

async fn serve_if_possible(cx: &Context, task: &Task, now: Time) -> Result<bool> {
    let Some(point) = task.location else { return Ok(false) };
    let mut criteria = criteria_around(cx, point);
    {
        let mut tx = cx.store.read().await?;
        criteria.barred = barred(cx, &mut *tx, task).await?;
        if tx.geo().nearest_eligible(&criteria, now, 1).await?.is_empty() {
            return Ok(false);
        }
    }
    serve(cx, task.id).await
}

/// Matches officers who became free or reported a position with the waiting calls near them. Returns
/// how many calls got an officer.
pub async fn serve_freed(cx: &Context) -> Result<usize> {
    let freed = cx.freed_officers.drain();
    if freed.is_empty() {
        return Ok(0);
    }
    let waits = cx.store.read().await?.dispatch().waiting_since().await?.1;
    if waits == 0 {
        return Ok(0);
    }
    let mut sent = 0;
    for officer in freed {
        match serve_officer(cx, officer).await {
            Ok(true) => sent += 1,
            Ok(false) => {}
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(officer.id = officer.0, error, "freed officer not matched with waiting emergencies");
            }
        }
    }
    Ok(sent)
}

/// Sends an officer, or a nearer one, to the waiting call that the rules choose for the officer.
async fn serve_officer(cx: &Context, officer: OfficerId) -> Result<bool> {
    let mut tried = BTreeSet::new();
    // Another officer may be nearer to the call that was chosen; then the next one is looked at.
    for _ in 0..AROUND {
        let Some(task) = choose_call(cx, officer, &tried).await? else { return Ok(false) };
        tried.insert(task);
        if serve(cx, task).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The waiting call that the rules choose for an officer, without those of `tried`.
async fn choose_call(cx: &Context, officer: OfficerId, tried: &BTreeSet<TaskId>) -> Result<Option<TaskId>> {
    let now = cx.clock.now();
    let settings = &cx.settings.dispatch;
    let mut tx = cx.store.read().await?;
    let Some(position) = tx.positions().last(officer).await? else { return Ok(None) };
    let Some(mut seen) = tx.geo().officer_seen(officer, position.point).await? else { return Ok(None) };
    let mut criteria = criteria_around(cx, position.point);
    let mut limit = AROUND;
    let mut judged = 0;
    // Calls that this officer must not be sent to must not hide those behind them.
    loop {
        let around = tx.geo().waiting_around(position.point, settings.radius_m, now, limit).await?;
        let is_end = around.len() < limit as usize;
        let new: Vec<(Task, f64)> =
            around.into_iter().skip(judged).filter(|(task, _)| !tried.contains(&task.id)).collect();
        judged = limit as usize;
        let ids: Vec<TaskId> = new.iter().map(|(task, _)| task.id).collect();
        let rows = tx.assignments().of_tasks(&ids).await?;
        let (mut calls, mut candidacies) = (Vec::new(), Vec::new());
        for (task, distance_m) in new {
            seen.distance_m = distance_m;
            criteria.barred = bar_of(cx, &task, &rows, &seen.officer).map(|bar| (officer, bar)).into_iter().collect();
            if seen.exclusion(&criteria, now).is_some() {
                continue;
            }
            calls.push(OpenCall { task: task.id, priority: task.priority, since: task.created_at });
            candidacies.push(Candidacy {
                task: task.id,
                officer,
                minutes: estimated_minutes(distance_m, settings.speed_kmh),
                last_choices: seen.last_choice(&criteria, now).len(),
            });
        }
        let chosen = match_calls(&calls, &candidacies, now).first().map(|pair| pair.task);
        if chosen.is_some() || is_end {
            return Ok(chosen);
        }
        limit = limit.saturating_mul(4);
    }
}

/// Sends an officer to one waiting call, unless another transaction holds it or none is eligible.
async fn serve(cx: &Context, id: TaskId) -> Result<bool> {
    let is_served = retry_contention(|| serve_once(cx, id)).await?;
    if is_served {
        stats::forget(cx).await;
    }
    Ok(is_served)
}

async fn serve_once(cx: &Context, id: TaskId) -> Result<bool> {
    let actor = Actor::system(cx.rng.uuid().to_string(), "waiting-emergencies");
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let Some(task) = tx.tasks().try_lock(id).await? else { return Ok(false) };
    if !task.awaits_officer {
        return Ok(false);
    }
    let (task, sent) = dispatch_call(cx, &mut *tx, &actor, task, DecisionTrigger::Freed, now).await?;
    let Some(chosen) = sent else { return Ok(false) };
    let event = Event::EmergencyRaised {
        task: Box::new(task),
        assigned: Some(chosen.nearby.officer.id),
        distance_m: Some(chosen.nearby.distance_m),
        last_choice: chosen.last_choice,
    };
    record::events(cx, &mut *tx, &actor, now, [event]).await?;
    tx.commit().await?;
    Ok(true)
}
