//! What is said without being asked: assignments, changes, calls for help, announcements.

use app::assignment::{ACCEPTED, ARRIVED, DECLINED, EN_ROUTE};
use app::policy::{self, Permission};
use app::{Actor, Context, Result};
use chrono_tz::Tz;
use domain::dispatch::{EscalationReason, LastChoice};
use domain::event::ChangeCause;
use domain::{Assignment, AssignmentKind, AssignmentState, AssignmentStep, Event, Task};

use super::announcement::announcement;
use super::html::cut;
use super::job::{gone, job};
use super::press::Verb;
use super::say::{Say, With};
use super::{card, near};
use crate::model::{ChatId, Keyboard, Language, Outgoing, Slot, Urgency};

/// Somebody to whom things may be said.
#[derive(Debug, Clone)]
pub struct Reader {
    /// In which chat.
    pub chat: ChatId,
    /// In which language.
    pub language: Language,
    /// Who it is, with the rights of now.
    pub actor: Actor,
}

/// Changes of which people are told otherwise, or not at all: ten photos are no ten notices.
const QUIET: [&str; 3] = ["historial", "efectivos_asignados", app::note::CHANGED];
/// The step of an escalation from which on supervisors are notified.
const SUPERVISORS_FROM: u32 = 2;

/// Whether somebody is told of an event, and how soon. What one has done oneself is not told; where
/// that cannot be seen from the event, [`notice`] says nothing.
pub fn concerns(event: &Event, actor: &Actor) -> Option<Urgency> {
    if !policy::may_hear(actor, event) {
        return None;
    }
    let supervises = policy::require(actor, Permission::ViewAllTasks).is_ok();
    let goes = |task: &Task| actor.officer().is_some_and(|officer| task.officers.contains(&officer));
    let urgency = |task: &Task| {
        if task.priority == domain::Priority::Critical { Urgency::Emergency } else { Urgency::Notice }
    };
    match event {
        Event::TaskAssigned { task, officers } => {
            actor.officer().filter(|officer| officers.contains(officer)).map(|_| urgency(task))
        }
        Event::TaskUpdated { task, left, changed, .. } => {
            let was_sent = actor.officer().is_some_and(|officer| left.contains(&officer));
            let answers =
                actor.is(task.delegate) || (supervises && !left.is_empty() && urgency(task) == Urgency::Emergency);
            let said = changed.iter().any(|name| name == "historial");
            let others = changed.iter().any(|name| !QUIET.contains(&name.as_str()));
            let told = was_sent || (goes(task) && others) || (answers && (said || !left.is_empty()));
            told.then(|| if left.is_empty() { Urgency::Notice } else { urgency(task) })
        }
        Event::TaskStatusChanged { task, by, reason, .. } => {
            // What begins with a call for help, or by the system itself, is told as an assignment.
            let by_another = by.is_some_and(|by| !actor.is(by));
            let with_the_call =
                task.started_at == Some(task.created_at) && *by == Some(task.creator) && !task.state.is_final();
            // The delegate is notified of what the officer reported, by the change that comes with it.
            let is_report = reason.as_deref().is_some_and(is_officers_report);
            let answers = actor.is(task.delegate) && !is_report;
            (by_another && !with_the_call && (goes(task) || answers)).then_some(Urgency::Notice)
        }
        Event::TaskDeleted { task } => goes(task).then_some(Urgency::Notice),
        Event::EmergencyRaised { task, assigned, .. } => {
            let is_sent = actor.officer().is_some() && actor.officer() == *assigned;
            // Whoever called has an answer already, unless the call was dispatched again since.
            let knows = actor.is(task.creator) && task.updated_at == task.created_at;
            let told = (supervises || actor.is(task.creator)) && !is_sent && !knows;
            told.then_some(Urgency::Emergency)
        }
        Event::Announcement { level, .. } => Some(if level == "urgent" { Urgency::Emergency } else { Urgency::Notice }),
        Event::AssignmentChanged { task, assignment, added } => {
            let is_told = match added.last().map(|step| step.state) {
                Some(AssignmentState::Offered | AssignmentState::Superseded) => true,
                // An offer that nobody took needs no second message.
                Some(AssignmentState::Expired) => assignment.kind == AssignmentKind::Assignment,
                _ => false,
            };
            let is_offer = assignment.kind == AssignmentKind::Offer;
            let told = is_told && actor.officer() == Some(assignment.officer);
            told.then(|| if is_offer || task.emergency { Urgency::Emergency } else { urgency(task) })
        }
        Event::DispatchEscalated { task, reason, step, .. } => {
            let is_told = match reason {
                EscalationReason::NotAccepted => *step >= SUPERVISORS_FROM,
                EscalationReason::WaitsTooLong | EscalationReason::Declined => true,
                // The call is reported as waiting in the same transaction.
                EscalationReason::NobodyEligible => false,
            };
            let urgency = if task.emergency { Urgency::Emergency } else { urgency(task) };
            (is_told && supervises).then_some(urgency)
        }
        Event::TaskCreated { .. }
        | Event::OfficerStatusChanged { .. }
        | Event::OfficerChanged { .. }
        | Event::PositionsReported { .. }
        | Event::UserChanged { .. }
        | Event::AlertTaken { .. } => None,
    }
}

/// What is said to somebody of an event; nothing where it does not concern that person.
pub async fn notice(cx: &Context, event: &Event, reader: &Reader) -> Result<Vec<Outgoing>> {
    let Some(priority) = concerns(event, &reader.actor) else { return Ok(Vec::new()) };
    let (say, zone) = (Say(reader.language), cx.settings.time_zone);
    let message = match event {
        Event::TaskAssigned { task, .. } => {
            let own = app::assignment::own(cx, &reader.actor, task.id).await?;
            let head = if priority == Urgency::Emergency { "notice-emergency-yours" } else { "notice-assigned" };
            is_news(own.as_ref()).then(|| {
                // An earlier version keeps no assignments.
                let asks = own.as_ref().map_or(Asks::Assignment, asks);
                about(reader, zone, task, &say.it(head), asks).about(own.map(|row| row.id))
            })
        }
        Event::TaskUpdated { task, left, cause, .. } => updated(cx, reader, task, left, cause.as_ref()).await?,
        Event::TaskStatusChanged { task, .. } => {
            let with = With::none().text("state", say.label(card::state_key(task.state)));
            Some(card_for(cx, reader, task, &say.html("notice-state", with)).await?)
        }
        Event::TaskDeleted { task } => {
            Some(Outgoing::text(reader.chat, say.html("notice-deleted", With::none().text("code", &task.code))))
        }
        Event::EmergencyRaised { task, assigned, last_choice, .. } => {
            let mut head =
                say.it(if assigned.is_some() { "notice-emergency-assigned" } else { "notice-emergency-waiting" });
            if let Some(officer) = assigned
                && last_choice.contains(&LastChoice::Unreachable)
                && let Some(name) = app::notices::officer_name(cx, &job(), *officer).await?
            {
                head = format!("{head}\n{}", say.html("notice-unreachable", With::none().text("officer", name)));
            }
            Some(card_for(cx, reader, task, &head).await?)
        }
        Event::AssignmentChanged { task, assignment, added } => {
            let step = added.last();
            let Some(step) = step else { return Ok(Vec::new()) };
            assignment_changed(cx, reader, task, assignment, step).await?
        }
        Event::DispatchEscalated { task, reason, step, offered } => {
            Some(escalated(cx, reader, task, *reason, *step, offered.len()))
        }
        Event::Announcement { level, message, .. } => Some(announcement(reader.chat, reader.language, level, message)),
        _ => None,
    };
    Ok(message.map(|message| message.at(priority)).into_iter().collect())
}

/// Which buttons a card needs for an officer who has not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// None.
    Nothing,
    /// To accept or decline what is offered.
    Offer,
    /// These, and to report being on the way or there.
    Assignment,
}

fn asks(own: &Assignment) -> Asks {
    match own.kind {
        _ if !own.state.is_unanswered() => Asks::Nothing,
        AssignmentKind::Offer => Asks::Offer,
        AssignmentKind::Assignment => Asks::Assignment,
    }
}

/// Whether an officer who was sent to a task still needs the message of it: not one who accepted the
/// offer of it, nor one who is off it again.
fn is_news(own: Option<&Assignment>) -> bool {
    let Some(own) = own else { return true };
    let accepted_alone = |step: &AssignmentStep| {
        step.state == AssignmentState::Accepted && step.by.is_some() && step.on_behalf_of.is_none()
    };
    own.is_open() && !own.steps.iter().any(accepted_alone)
}

/// The card of a task with a line over it, as the reader's own assignment or offer is now.
async fn card_for(cx: &Context, reader: &Reader, task: &Task, head: &str) -> Result<Outgoing> {
    let own = app::assignment::own(cx, &reader.actor, task.id).await?;
    let own = own.filter(|own| own.state.is_unanswered() && !task.state.is_final());
    let asks = own.as_ref().map_or(Asks::Nothing, asks);
    Ok(about(reader, cx.settings.time_zone, task, head, asks).about(own.map(|own| own.id)))
}

/// What an officer is notified of when the own assignment or offer has changed: that it is offered,
/// that it still waits for an answer, or that it does not any more.
async fn assignment_changed(
    cx: &Context,
    reader: &Reader,
    task: &Task,
    assignment: &Assignment,
    step: &AssignmentStep,
) -> Result<Option<Outgoing>> {
    let (say, zone) = (Say(reader.language), cx.settings.time_zone);
    // As it is now: what was answered meanwhile asks nothing.
    let own = app::assignment::own(cx, &reader.actor, task.id).await?.filter(|own| own.id == assignment.id);
    let Some(own) = own else { return Ok(None) };
    match step.state {
        AssignmentState::Offered if own.kind == AssignmentKind::Offer && own.state.is_unanswered() => {
            let decisions = app::dispatch::decisions(cx, &job(), task.id).await.or_else(gone)?;
            let judged = decisions.iter().rev().flat_map(|decision| &decision.judged);
            let metres = judged.into_iter().find(|one| one.officer == own.officer).map(|one| one.distance_m);
            let extra = |key, name, text: Option<String>| {
                text.map_or(String::new(), |text| say.html(key, With::none().text(name, text)))
            };
            let until = own.ack_due.map(|due| due.with_timezone(&zone).format("%H:%M:%S").to_string());
            let with = With::none()
                .html("distance", extra("offer-distance", "distance", metres.map(|metres| near::distance(say, metres))))
                .html("until", extra("offer-until", "until", until));
            let head = say.html("notice-offered", with);
            Ok(Some(about(reader, zone, task, &head, Asks::Offer).about(Some(own.id))))
        }
        // With a reason it expired since no message reaches the officer.
        AssignmentState::Expired if own.state == AssignmentState::Expired && step.reason.is_none() => {
            let head = say.it("notice-still-waiting");
            Ok(Some(about(reader, zone, task, &head, asks(&own)).about(Some(own.id))))
        }
        AssignmentState::Superseded if own.state == AssignmentState::Superseded => {
            let is_taken = step.by.is_none() && step.reason.is_none() && !task.state.is_final();
            let is_offer = assignment.kind == AssignmentKind::Offer;
            // One who was assigned hears otherwise that the task ended, or goes on without him or her.
            let key = match (is_taken && task.deleted_at.is_none(), is_offer) {
                (true, _) => "notice-relieved",
                (false, true) => "notice-offer-ended",
                (false, false) => return Ok(None),
            };
            let knows =
                own.reached_at(AssignmentState::Notified).is_some() || crate::outgoing::notifies_of(cx, own.id).await?;
            let text = say.html(key, With::none().text("code", &task.code));
            // In the place of the card, which loses its buttons.
            Ok(knows.then(|| Outgoing::text(reader.chat, text).in_slot(Slot::task(task.id))))
        }
        _ => Ok(None),
    }
}

/// What supervisors are notified of when a dispatch was escalated.
fn escalated(
    cx: &Context,
    reader: &Reader,
    task: &Task,
    reason: EscalationReason,
    step: u32,
    offered: usize,
) -> Outgoing {
    let say = Say(reader.language);
    let key = match reason {
        EscalationReason::NotAccepted if step > SUPERVISORS_FROM => "notice-offered-to-all",
        EscalationReason::NotAccepted => "notice-not-accepted",
        EscalationReason::WaitsTooLong => "notice-waits-long",
        EscalationReason::NobodyEligible => "notice-none-free",
        EscalationReason::Declined => "notice-declined-offered",
    };
    let with = With::none()
        .text("code", &task.code)
        .number("count", i64::try_from(offered).unwrap_or(i64::MAX))
        .number("minutes", (cx.clock.now() - task.created_at).num_minutes().max(0));
    let mut keyboard = Keyboard::new();
    if task.location.is_some() && policy::require(&reader.actor, Permission::AssignTasks).is_ok() {
        keyboard = keyboard.row([(say.label("button-who-is-near"), format!("cerca:tarea:{}", task.id))]);
    }
    keyboard = keyboard.row([(say.label("button-show-task"), Verb::Show.data(task.id))]);
    // Not in the place of the card: neither is to hide the other.
    Outgoing::text(reader.chat, say.html(key, with))
        .with(keyboard)
        .in_slot(Slot::named(format!("escalamiento:{}", task.id)))
}

/// Whether a motive is what an officer reported: accepted, on the way, there, or declined.
fn is_officers_report(reason: &str) -> bool {
    [ACCEPTED, EN_ROUTE, ARRIVED].contains(&reason) || reason.starts_with(DECLINED)
}

/// Of a changed task: taken off it, not taken on, said to be on the way or there, or changed. An event
/// without a cause, of an earlier version, reports only that it changed.
async fn updated(
    cx: &Context,
    reader: &Reader,
    task: &Task,
    left: &[domain::OfficerId],
    cause: Option<&ChangeCause>,
) -> Result<Option<Outgoing>> {
    let say = Say(reader.language);
    let by = cause.and_then(|cause| cause.by);
    let reason = cause.and_then(|cause| cause.reason.as_deref()).unwrap_or_default();
    let is_report = is_officers_report(reason);
    if is_report && by.is_some_and(|by| reader.actor.is(by)) {
        return Ok(None);
    }
    if reader.actor.officer().is_some_and(|officer| left.contains(&officer)) {
        let own = app::assignment::own(cx, &reader.actor, task.id).await?;
        let last = own.as_ref().filter(|own| own.state == AssignmentState::Superseded).and_then(|own| own.steps.last());
        if last.is_some_and(|step| step.by.is_none() && step.reason.is_none()) {
            // The change of the assignment says that another officer has it.
            return Ok(None);
        }
        let text = say.html("notice-taken-off", With::none().text("code", &task.code));
        return Ok(Some(Outgoing::text(reader.chat, text).in_slot(Slot::task(task.id))));
    }
    let who = match (cause.and_then(|cause| cause.officer), by) {
        (Some(officer), _) => app::notices::officer_name(cx, &job(), officer).await?,
        (None, Some(by)) => app::notices::user_name(cx, &job(), by).await?,
        (None, None) => None,
    };
    let with = With::none().text("who", cut(who.as_deref().unwrap_or("—"), 60));
    let mut head = if !left.is_empty() && reason.starts_with(DECLINED) {
        say.html("notice-declined", with.text("reason", cut(reason, 320)))
    } else if reason == ACCEPTED {
        say.html("notice-accepted", with)
    } else if reason == EN_ROUTE {
        say.html("notice-en-route", with)
    } else if reason == ARRIVED {
        say.html("notice-arrived", with)
    } else {
        say.it("notice-changed")
    };
    if !left.is_empty() && reason != ACCEPTED && task.emergency && !task.state.is_final() {
        head = format!("{head}\n{}", follows(cx, say, task).await?);
    }
    let mut card = card_for(cx, reader, task, &head).await?;
    if is_report && card.assignment.is_none() {
        // Each officer's report is read, also when several wait to be sent: none takes the place of
        // another. It has no button that could be outdated.
        card.slot = None;
    }
    Ok(Some(card))
}

/// Who goes now that an officer left an emergency, or that it waits.
async fn follows(cx: &Context, say: Say, task: &Task) -> Result<String> {
    let Some(first) = task.officers.first() else { return Ok(say.it("notice-waits-again")) };
    let name = app::notices::officer_name(cx, &job(), *first).await?.unwrap_or_else(|| first.to_string());
    Ok(say.html("notice-sent-instead", With::none().text("officer", cut(&name, 60))))
}

/// A card with a line over it, in the task's place of the chat.
fn about(reader: &Reader, zone: Tz, task: &Task, head: &str, asks: Asks) -> Outgoing {
    let say = Say(reader.language);
    let button = |key: &str, verb: Verb| (say.label(key), verb.data(task.id));
    let mut keyboard = Keyboard::new();
    if asks != Asks::Nothing {
        keyboard = keyboard.row([button("button-accept", Verb::Accept), button("button-decline", Verb::Decline)]);
    }
    if asks == Asks::Assignment {
        keyboard = keyboard.row([button("button-en-route", Verb::EnRoute), button("button-arrive", Verb::Arrive)]);
    }
    if task.location.is_some() {
        keyboard = keyboard.row([button("button-map", Verb::Map)]);
        if asks == Asks::Nothing
            && policy::require(&reader.actor, Permission::AssignTasks).is_ok()
            && !task.state.is_final()
        {
            keyboard = keyboard.row([(say.label("button-who-is-near"), format!("cerca:tarea:{}", task.id))]);
        }
    }
    keyboard = keyboard.row([button("button-show-task", Verb::Show)]);
    Outgoing::text(reader.chat, format!("{head}\n\n{}", card::text(say, zone, task)))
        .with(keyboard)
        .in_slot(Slot::task(task.id))
}

/// A task whose time has come or gone and that was not begun or ended.
pub fn overdue(reader: &Reader, zone: Tz, task: &Task) -> Outgoing {
    let say = Say(reader.language);
    about(reader, zone, task, &say.it("notice-overdue"), Asks::Nothing).at(Urgency::Notice)
}
