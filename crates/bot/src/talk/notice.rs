//! What is said without being asked: assignments, changes, calls for help, announcements.

use app::assignment::{ACCEPTED, ARRIVED, DECLINED};
use app::policy::{self, Permission};
use app::{Actor, Context, Result};
use chrono_tz::Tz;
use domain::history::HistoryEntry;
use domain::{Event, Task};

use super::card;
use super::html::cut;
use super::press::Verb;
use super::say::{Say, With};
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
        Event::TaskUpdated { task, left, changed } => {
            let was_sent = actor.officer().is_some_and(|officer| left.contains(&officer));
            let answers =
                actor.is(task.delegate) || (supervises && !left.is_empty() && urgency(task) == Urgency::Emergency);
            let said = changed.iter().any(|name| name == "historial");
            let others = changed.iter().any(|name| !QUIET.contains(&name.as_str()));
            let told = was_sent || (goes(task) && others) || (answers && (said || !left.is_empty()));
            told.then(|| if left.is_empty() { Urgency::Notice } else { urgency(task) })
        }
        Event::TaskStatusChanged { task, by, .. } => {
            // What begins with a call for help, or by the system itself, is told as an assignment.
            let by_another = by.is_some_and(|by| !actor.is(by));
            let with_the_call =
                task.started_at == Some(task.created_at) && *by == Some(task.creator) && !task.state.is_final();
            (by_another && !with_the_call && (goes(task) || actor.is(task.delegate))).then_some(Urgency::Notice)
        }
        Event::TaskDeleted { task } => goes(task).then_some(Urgency::Notice),
        Event::EmergencyRaised { task, assigned, .. } => {
            let is_sent = actor.officer().is_some() && actor.officer() == *assigned;
            // Whoever called has an answer already, unless somebody was found only later.
            let knows = actor.is(task.creator) && (assigned.is_none() || task.started_at == Some(task.created_at));
            let told = (supervises || actor.is(task.creator)) && !is_sent && !knows;
            told.then_some(Urgency::Emergency)
        }
        Event::Announcement { level, .. } => Some(if level == "urgent" { Urgency::Emergency } else { Urgency::Notice }),
        Event::TaskCreated { .. }
        | Event::OfficerStatusChanged { .. }
        | Event::PositionsReported { .. }
        | Event::UserChanged { .. }
        | Event::AssignmentChanged { .. }
        | Event::DispatchEscalated { .. }
        | Event::AlertTaken { .. } => None,
    }
}

/// What is said to somebody of an event; nothing where it does not concern that person.
pub async fn notice(cx: &Context, event: &Event, reader: &Reader) -> Result<Vec<Outgoing>> {
    let Some(priority) = concerns(event, &reader.actor) else { return Ok(Vec::new()) };
    let (say, zone) = (Say(reader.language), cx.settings.time_zone);
    let message = match event {
        Event::TaskAssigned { task, .. } => {
            let head = if priority == Urgency::Emergency { "notice-emergency-yours" } else { "notice-assigned" };
            Some(about(reader, zone, task, &say.it(head), true))
        }
        Event::TaskUpdated { task, left, changed } => {
            let history = cx.store.read().await?.history().of_task(task.id).await?;
            {
                // The newest line that changes no state: what an officer said.
                let said = history.iter().rev().find(|entry| entry.from == Some(entry.to));
                let said = said.filter(|entry| left.is_empty() || entry.at >= task.updated_at);
                let said = said.filter(|_| !left.is_empty() || changed.iter().any(|name| name == "historial"));
                updated(cx, reader, task, left, said.or(paused(&history, task))).await?
            }
        }
        Event::TaskStatusChanged { task, .. } => {
            let with = With::none().text("state", say.label(card::state_key(task.state)));
            Some(about(reader, zone, task, &say.html("notice-state", with), false))
        }
        Event::TaskDeleted { task } => {
            Some(Outgoing::text(reader.chat, say.html("notice-deleted", With::none().text("code", &task.code))))
        }
        Event::EmergencyRaised { task, assigned, .. } => {
            let head = if assigned.is_some() { "notice-emergency-assigned" } else { "notice-emergency-waiting" };
            Some(about(reader, zone, task, &say.it(head), false))
        }
        Event::Announcement { level, message, .. } => Some(announcement(reader.chat, reader.language, level, message)),
        _ => None,
    };
    Ok(message.map(|message| message.at(priority)).into_iter().collect())
}

/// The line of a task that was paused because nobody was left to go.
fn paused<'a>(history: &'a [HistoryEntry], task: &Task) -> Option<&'a HistoryEntry> {
    history.iter().rev().find(|entry| {
        entry.at >= task.updated_at && entry.reason.as_deref().is_some_and(|reason| reason.starts_with(DECLINED))
    })
}

/// Of a changed task: taken off it, not taken on, said to be on the way or there, or changed.
async fn updated(
    cx: &Context,
    reader: &Reader,
    task: &Task,
    left: &[domain::OfficerId],
    last: Option<&HistoryEntry>,
) -> Result<Option<Outgoing>> {
    let (say, zone) = (Say(reader.language), cx.settings.time_zone);
    let by = last.and_then(|entry| entry.by);
    let reason = last.and_then(|entry| entry.reason.as_deref()).unwrap_or_default();
    if by.is_some_and(|by| reader.actor.is(by))
        && (reason == ACCEPTED || reason == ARRIVED || reason.starts_with(DECLINED))
    {
        return Ok(None);
    }
    if reader.actor.officer().is_some_and(|officer| left.contains(&officer)) {
        let text = say.html("notice-taken-off", With::none().text("code", &task.code));
        return Ok(Some(Outgoing::text(reader.chat, text)));
    }
    let who = match by {
        Some(by) => cx.store.read().await?.users().by_id(by).await?.map(|user| user.full_name()),
        None => None,
    };
    let with = With::none().text("who", cut(who.as_deref().unwrap_or("—"), 60));
    let head = if !left.is_empty() && reason.starts_with(DECLINED) {
        say.html("notice-declined", with.text("reason", cut(reason, 320)))
    } else if reason == ACCEPTED {
        say.html("notice-accepted", with)
    } else if reason == ARRIVED {
        say.html("notice-arrived", with)
    } else {
        say.it("notice-changed")
    };
    Ok(Some(about(reader, zone, task, &head, false)))
}

/// A card with a line over it, in the task's place of the chat.
fn about(reader: &Reader, zone: Tz, task: &Task, head: &str, asks: bool) -> Outgoing {
    let say = Say(reader.language);
    let button = |key: &str, verb: Verb| (say.label(key), verb.data(task.id));
    let mut keyboard = Keyboard::new();
    if asks {
        keyboard = keyboard.row([button("button-accept", Verb::Accept), button("button-decline", Verb::Decline)]);
    }
    if task.location.is_some() {
        keyboard = keyboard.row([button("button-map", Verb::Map)]);
        if !asks && policy::require(&reader.actor, Permission::AssignTasks).is_ok() && !task.state.is_final() {
            keyboard = keyboard.row([(say.label("button-who-is-near"), format!("cerca:tarea:{}", task.id))]);
        }
    }
    keyboard = keyboard.row([button("button-show-task", Verb::Show)]);
    Outgoing::text(reader.chat, format!("{head}\n\n{}", card::text(say, zone, task)))
        .with(keyboard)
        .in_slot(Slot::task(task.id))
}

/// A message of the office to one of its groups.
pub fn announcement(chat: ChatId, language: Language, level: &str, message: &str) -> Outgoing {
    let key = match level {
        "urgent" => "announcement-urgent",
        "alert" => "announcement-alert",
        _ => "announcement",
    };
    // Telegram takes 4096 units; what stands around the message needs some of them.
    let text = Say(language).html(key, With::none().text("message", cut(message, 3500)));
    let priority = if level == "urgent" { Urgency::Emergency } else { Urgency::Notice };
    Outgoing::text(chat, text).at(priority)
}

/// A task whose time has come or gone and that was not begun or ended.
pub fn overdue(reader: &Reader, zone: Tz, task: &Task) -> Outgoing {
    let say = Say(reader.language);
    about(reader, zone, task, &say.it("notice-overdue"), false).at(Urgency::Notice)
}

/// That people of these names, and `more` besides, blocked the bot.
pub fn blocked(reader: &Reader, names: &[String], more: usize) -> Outgoing {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let with = With::none()
        .text("people", names.join(", "))
        .number("more", count(more))
        .number("count", count(names.len() + more));
    Outgoing::text(reader.chat, Say(reader.language).html("notice-blocked", with)).at(Urgency::Notice)
}

/// What is said when an update could not be worked, however often it was tried.
pub fn gave_up(chat: ChatId, language: Language) -> Outgoing {
    let say = Say(language);
    Outgoing::text(chat, super::refusal::closing(say, &say.it("gave-up")))
}

/// What the earlier account of somebody is told who linked another one.
pub fn relinked(chat: ChatId, language: Language) -> Outgoing {
    Outgoing::text(chat, Say(language).it("relinked"))
}
