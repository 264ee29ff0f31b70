//! Emergencies: a call for help becomes a task, and an officer is sent.

use chrono::TimeDelta;
use domain::audit::{AuditEvent, Severity};
use domain::dispatch::{DecisionTrigger, DispatchDecision, DispatchState};
use domain::geodesy;
use domain::task::{Description, NewTask, Title};
use domain::{
    Event, JsonObject, Level, OfficerId, Point, Priority, Task, TaskCode, TaskKind, TaskState, TelegramId, Time, User,
    UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;

use super::eligibility::criteria_for;
use super::pick::judge;
use super::send::{Chosen, dispatch_call};
use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Forbidden, Represented, Result, idempotency, retry_contention, stats, task};

/// Motive in the history of an emergency that a further call was joined to.
const JOINED: &str = "Llamada repetida unida a esta emergencia";
/// Open emergencies of one caller among which a further call is looked for.
const MOST_OPEN: u32 = 20;

/// A call for help.
#[derive(Debug, Clone)]
pub struct EmergencyCall {
    /// Where.
    pub point: Point,
    /// What happens.
    pub description: Option<Description>,
    /// Officers whom a supervisor chose; empty to let the server choose.
    pub officers: Vec<OfficerId>,
    /// Send the chosen officers although the rules are against it.
    pub force: bool,
    /// When the call was made, where it reached the office only later.
    pub called_at: Option<Time>,
    /// The Telegram account for which a supervisor makes the call, where it is not the supervisor's own.
    pub telegram: Option<TelegramId>,
}

/// What became of a call for help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Emergency {
    /// The task: begun when an officer is sent, else waiting for the first who becomes free.
    pub task: Task,
    /// Who is sent.
    pub assigned: Option<OfficerId>,
    /// How far that officer was, in metres.
    pub distance_m: Option<f64>,
    /// When the call came.
    pub received_at: Time,
    /// Whether it was joined to an open call of the same caller.
    #[serde(default)]
    pub joined: bool,
    /// Why the officer is a last choice, such as one who cannot be reached; empty otherwise.
    #[serde(default)]
    pub last_choice: Vec<domain::dispatch::LastChoice>,
}

/// Makes a task of a call for help and sends the nearest eligible officer, or those whom a supervisor
/// chose, all in one transaction. With no eligible officer the task waits.
///
/// A further call of an officer (level 1) near an open one of the same officer is joined to it. Calls
/// beyond the office's limit for one officer are made, and wait for their turn.
pub async fn raise(cx: &Context, actor: &Actor, call: EmergencyCall) -> Result<Emergency> {
    policy::require(actor, Permission::RaiseEmergency)?;
    if !call.officers.is_empty() || call.force || call.telegram.is_some() {
        policy::require(actor, Permission::AssignTasks)?;
    }
    let emergency = retry_contention(|| raise_once(cx, actor, &call)).await?;
    stats::forget(cx).await;
    Ok(emergency)
}

async fn raise_once(cx: &Context, actor: &Actor, call: &EmergencyCall) -> Result<Emergency> {
    let creator = actor.user().ok_or(Error::Forbidden(Forbidden::Level))?;
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(emergency) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(emergency);
    }
    let mut dispatch_from = None;
    if actor.level() == Some(Level::Officer) {
        // Calls of one officer are handled one after the other, so that each sees those before it.
        tx.users().lock(creator).await?;
        if let Some(open) = open_call_near(cx, &mut *tx, creator, call.point, now).await? {
            let emergency = join(cx, &mut *tx, actor, open, now).await?;
            idempotency::keep(&mut *tx, actor, &emergency).await?;
            tx.commit().await?;
            return Ok(emergency);
        }
        dispatch_from = free_slot(cx, &mut *tx, creator, now).await?;
    }
    let owner = match call.telegram {
        Some(telegram) => tx.users().by_telegram(telegram).await?,
        None => None,
    };
    let caller = Caller { by: creator, owner: owner.as_ref() };
    let recorded = match &owner {
        Some(owner) if owner.id != creator => actor.clone().on_behalf_of(Represented::new(owner, None)),
        _ => actor.clone(),
    };
    let task = insert(cx, &mut *tx, &recorded, caller, call, dispatch_from, now).await?;
    let (task, sent) = if call.officers.is_empty() {
        let (task, chosen) = dispatch_call(cx, &mut *tx, actor, task, DecisionTrigger::Raised, now).await?;
        let sent =
            chosen.map(|Chosen { nearby, last_choice }| (nearby.officer.id, Some(nearby.distance_m), last_choice));
        (task, sent)
    } else {
        let (task, distance_m) = send_chosen(cx, &mut *tx, actor, task, call, now).await?;
        let first = task.officers.iter().copied().find(|id| Some(id) == call.officers.first());
        (task, first.map(|officer| (officer, distance_m, Vec::new())))
    };
    let (assigned, distance_m, last_choice) = match sent {
        Some((officer, distance_m, last_choice)) => (Some(officer), distance_m, last_choice),
        None => (None, None, Vec::new()),
    };
    let choice = last_choice.clone();
    let event = Event::EmergencyRaised { task: Box::new(task.clone()), assigned, distance_m, last_choice: choice };
    record::events(cx, &mut *tx, actor, now, [event]).await?;
    let note = Note::new(cx, &recorded, AuditEvent::EmergencyCreated, now, format!("Emergencia {}", task.code))
        .on("tarea", task.id)
        .values(
            None,
            Some(json!({ "codigo": task.code, "assigned_efectivo_id": assigned, "distance_m": distance_m,
            "llamada_en": call.called_at, "telegram_id": call.telegram, "en_nombre_de": owner.map(|owner| owner.id) })),
        )
        .severity(Severity::High)
        .tags("create,data_change");
    record::audit(&mut *tx, [note]).await?;
    let emergency = Emergency { task, assigned, distance_m, received_at: now, joined: false, last_choice };
    idempotency::keep(&mut *tx, actor, &emergency).await?;
    tx.commit().await?;
    Ok(emergency)
}

/// Who made a call: the account that sent it, and the user in whose name, where that is another.
#[derive(Clone, Copy)]
struct Caller<'a> {
    by: UserId,
    owner: Option<&'a User>,
}

/// In whose name a supervisor made a call, for the people who answer it.
fn in_the_name_of(telegram: TelegramId, owner: Option<&User>) -> String {
    match owner {
        Some(owner) => format!("Llamada en nombre de {}", owner.full_name()),
        None => format!("Llamada de la cuenta de Telegram {telegram}, que no es de ningún usuario"),
    }
}

/// How late a call reached the office, for the people who answer it.
fn late_call(cx: &Context, called_at: Time, now: Time) -> String {
    let at = domain::report::office_time(called_at, cx.settings.time_zone);
    format!("Llamada hecha el {at}, recibida {} min después", (now - called_at).num_minutes())
}

/// What happens, with the age of a late call before it. It is left out where the description has no
/// room for it.
fn describe(description: Option<&Description>, late: Option<&str>) -> Option<Description> {
    let Some(late) = late else { return description.cloned() };
    let text = match description {
        Some(text) => format!("{late}. {}", text.as_str()),
        None => format!("{late}."),
    };
    Description::try_from(text).ok().or_else(|| description.cloned())
}

async fn insert(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    caller: Caller<'_>,
    call: &EmergencyCall,
    dispatch_from: Option<Time>,
    now: Time,
) -> Result<Task> {
    let code = TaskCode::for_emergency(domain::report::office_day(now, cx.settings.time_zone), &*cx.rng);
    let late = call.called_at.filter(|at| *at < now).map(|at| late_call(cx, at, now));
    let mut extra = JsonObject::new();
    if let Some(telegram) = call.telegram {
        extra.insert("telegram_id".to_owned(), json!(telegram.0));
    }
    let new = NewTask {
        uuid: cx.rng.uuid(),
        title: Title::try_from(format!("Emergencia {code}")).map_err(|error| Error::Internal(error.into()))?,
        code,
        description: describe(call.description.as_ref(), late.as_deref()),
        kind: TaskKind::Intervention,
        priority: Priority::Critical,
        scheduled_start: now,
        scheduled_end: None,
        delegate: caller.by,
        // The call is of the account's owner, who must not be sent to it.
        creator: caller.owner.map_or(caller.by, |owner| owner.id),
        location: Some(call.point),
        location_description: None,
        awaits_officer: true,
        emergency: true,
        dispatch_from,
        extra,
        created_at: now,
    };
    let task = tx.tasks().insert(&new).await?;
    let named = call.telegram.map(|telegram| in_the_name_of(telegram, caller.owner));
    let reasons: Vec<String> = named.into_iter().chain(late).collect();
    let reason = (!reasons.is_empty()).then(|| reasons.join(". "));
    task::push_state(tx, Some(actor), &task, None, reason, now).await?;
    record::events(cx, tx, actor, now, [Event::TaskCreated { task: Box::new(task.clone()) }]).await?;
    Ok(task)
}

/// Sends the officers whom a supervisor chose, and keeps among whom.
async fn send_chosen(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut task: Task,
    call: &EmergencyCall,
    now: Time,
) -> Result<(Task, Option<f64>)> {
    let criteria = criteria_for(cx, tx, &task, call.point).await?;
    let mut judged = judge(cx, tx, &criteria, None, now).await?;
    for officer in &call.officers {
        if !judged.iter().any(|one| one.officer == *officer)
            && let Some(seen) = tx.geo().officer_seen(*officer, call.point).await?
        {
            judged.push(super::pick::judged(cx, &seen, &criteria, now));
        }
    }
    let distance_m = judged.iter().find(|one| Some(&one.officer) == call.officers.first()).map(|one| one.distance_m);
    let choice = task::Choice::ByHand { force: call.force };
    let officers = task::send(cx, tx, actor, &mut task, &call.officers, choice, now).await?;
    let decision = DispatchDecision {
        task: task.id,
        at: now,
        by: actor.acting_user(),
        trigger: DecisionTrigger::Manual,
        chosen: officers.clone(),
        forced: call.force,
        judged,
    };
    tx.dispatch().push_decision(&decision).await?;
    let step = task::Step { to: TaskState::InProgress, reason: None, by_system: false };
    let task = task::step_without_lifecycle(cx, tx, actor, task, step, now).await?;
    record::events(cx, tx, actor, now, [Event::TaskAssigned { task: Box::new(task.clone()), officers }]).await?;
    Ok((task, distance_m))
}

/// An open call that the same caller raised lately near the same place.
async fn open_call_near(
    cx: &Context,
    tx: &mut dyn Tx,
    caller: UserId,
    point: Point,
    now: Time,
) -> Result<Option<Task>> {
    let settings = &cx.settings.dispatch;
    let open = tx.tasks().emergencies_of(caller, now - settings.join_window, MOST_OPEN).await?;
    let near =
        |task: &Task| task.location.is_some_and(|place| geodesy::distance_m(point, place) <= settings.join_radius_m);
    Ok(open.into_iter().find(near))
}

/// Joins a call to an open one: its time is kept, and the answer is that of the open one.
async fn join(cx: &Context, tx: &mut dyn Tx, actor: &Actor, open: Task, now: Time) -> Result<Emergency> {
    // One that ended, or was deleted, since it was read takes no further call: the use case is run again.
    let ended = || Error::Contention("the open call ended meanwhile".into());
    let task = tx.tasks().lock(open.id).await?.filter(|task| !task.state.is_final()).ok_or_else(ended)?;
    let mut state = tx.dispatch().state(task.id).await?.unwrap_or_else(|| DispatchState::new(task.id, now));
    state.joined_calls += 1;
    tx.dispatch().put_state(&state).await?;
    task::push_history(tx, actor, &task, JOINED, now).await?;
    let changed = vec!["historial".to_owned()];
    let event = task::updated_event(actor, &task, changed, Vec::new(), None, Some(JOINED));
    record::events(cx, tx, actor, now, [event]).await?;
    let note =
        Note::new(cx, actor, AuditEvent::EmergencyCreated, now, format!("Emergencia {}: llamada unida", task.code))
            .on("tarea", task.id)
            .values(None, Some(json!({ "llamadas_unidas": state.joined_calls })))
            .severity(Severity::High)
            .tags("update,data_change");
    record::audit(tx, [note]).await?;
    let assigned = task.officers.first().copied();
    let decisions = tx.dispatch().decisions(task.id).await?;
    let judged = decisions.iter().rev().flat_map(|decision| &decision.judged);
    let distance_m =
        assigned.and_then(|officer| judged.clone().find(|one| one.officer == officer).map(|one| one.distance_m));
    Ok(Emergency { task, assigned, distance_m, received_at: now, joined: true, last_choice: Vec::new() })
}

/// From when a further call of a caller may be dispatched: `None` for at once.
async fn free_slot(cx: &Context, tx: &mut dyn Tx, caller: UserId, now: Time) -> Result<Option<Time>> {
    const WINDOW: TimeDelta = TimeDelta::minutes(1);
    let most = cx.settings.dispatch.emergencies_per_minute;
    if most == 0 {
        return Ok(None);
    }
    let slots = tx.dispatch().slots_of_caller(caller, now - WINDOW, most).await?;
    let is_full = slots.len() >= most as usize;
    Ok(slots.last().filter(|_| is_full).map(|oldest| *oldest + WINDOW).filter(|from| *from > now))
}
