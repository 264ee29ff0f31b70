//! The card of a task: what it is, and what the reader may do with it.

use app::policy::{self, Permission};
use app::task::{Response, TaskChange};
use app::{Error, Result};
use chrono_tz::Tz;
use domain::{Assignment, AssignmentKind, AssignmentState, Task, TaskId, TaskState, Time};

use super::html::{cut, escape, isolate};
use super::press::Verb;
use super::say::{Say, With};
use super::turn::Turn;
use super::{Dialogue, finish, note, refusal};
use crate::model::{Keyboard, Outgoing, Slot};

/// Longest description on a card, in units of UTF-16.
const DESCRIPTION: usize = 1000;

/// The text of a state.
pub const fn state_key(state: TaskState) -> &'static str {
    match state {
        TaskState::Scheduled => "state-scheduled",
        TaskState::InProgress => "state-in-progress",
        TaskState::Finished => "state-finished",
        TaskState::Cancelled => "state-cancelled",
        TaskState::Paused => "state-paused",
    }
}

/// A time as people read it, by the office's clocks.
pub fn time(zone: Tz, at: Time) -> String {
    domain::report::office_time(at, zone)
}

/// The text of a card.
pub fn text(say: Say, zone: Tz, task: &Task) -> String {
    let description = task.description.as_ref().map(|text| cut(text.as_str(), DESCRIPTION));
    let place = task.location_description.as_ref().map(|text| cut(text.as_str(), 200));
    let extra =
        |key, text: Option<String>| text.map_or(String::new(), |text| say.html(key, With::none().text("text", text)));
    let with = With::none()
        .text("code", &task.code)
        .text("title", cut(task.title.as_str(), 200))
        .text("state", say.label(state_key(task.state)))
        .text("priority", say.label(&format!("priority-{}", task.priority.word())))
        .text("kind", task.kind)
        .text("start", time(zone, task.scheduled_start))
        .number("officers", i64::try_from(task.officers.len()).unwrap_or(i64::MAX))
        .html("place", extra("card-place", place))
        .html("description", extra("card-description", description));
    say.html("card", with)
}

/// What an officer may answer to a task, by the own open assignment or offer.
fn answers(turn: &Turn<'_>, task: &Task, own: Option<&Assignment>) -> Keyboard {
    let button = |key: &str, verb: Verb| (turn.say.label(key), verb.data(task.id));
    let (accept, decline) = (button("button-accept", Verb::Accept), button("button-decline", Verb::Decline));
    let (en_route, arrive) = (button("button-en-route", Verb::EnRoute), button("button-arrive", Verb::Arrive));
    let keyboard = Keyboard::new();
    match own.map(|own| (own.kind, own.state)) {
        Some((_, AssignmentState::Accepted)) => keyboard.row([en_route, arrive]).row([decline]),
        Some((_, AssignmentState::EnRoute)) => keyboard.row([arrive]).row([decline]),
        Some((_, AssignmentState::OnScene)) => keyboard.row([decline]),
        Some((AssignmentKind::Offer, _)) => keyboard.row([accept, decline]),
        // Without an assignment of its own, the task was sent by an earlier version.
        Some((AssignmentKind::Assignment, _)) | None => keyboard.row([accept, decline]).row([en_route, arrive]),
    }
}

/// The buttons that are legal for this reader now.
fn buttons(turn: &Turn<'_>, task: &Task, own: Option<&Assignment>) -> Keyboard {
    let say = turn.say;
    let button = |key: &str, verb: Verb| (say.label(key), verb.data(task.id));
    let is_sent = turn.actor.officer().is_some_and(|officer| task.officers.contains(&officer));
    let may_act = policy::may_act_on_task(&turn.actor, task).is_ok();
    let mut keyboard = Keyboard::new();
    if (is_sent || own.is_some()) && !task.state.is_final() {
        keyboard = answers(turn, task, own);
    }
    if may_act {
        let mut row = Vec::new();
        for next in task.state.next() {
            match next {
                TaskState::Paused => row.push(button("button-pause", Verb::Pause)),
                TaskState::InProgress => row.push(button(
                    if task.state == TaskState::Paused { "button-resume" } else { "button-begin" },
                    Verb::Resume,
                )),
                // Only who may end it is asked to.
                TaskState::Finished if policy::may_finish_task(&turn.actor, task).is_ok() => {
                    row.push(button("button-finish", Verb::Finish));
                }
                TaskState::Finished | TaskState::Cancelled | TaskState::Scheduled => {}
            }
        }
        keyboard = keyboard.row(row).row([button("button-note", Verb::Note)]);
    }
    if task.location.is_some() {
        let mut row = vec![button("button-map", Verb::Map)];
        if !task.state.is_final() && turn.may(Permission::AssignTasks) {
            row.push((say.label("button-who-is-near"), format!("cerca:tarea:{}", task.id)));
        }
        keyboard = keyboard.row(row);
    }
    keyboard.row([(say.label("button-menu"), "menu:main")])
}

/// Shows the card: in place of the message whose button was pressed, else in the task's place in
/// the chat, so that there is one card a task and not a flood of them.
pub async fn show(turn: &mut Turn<'_>, task: &Task) -> Result<()> {
    let own = app::assignment::own(turn.cx, &turn.actor, task.id).await?.filter(Assignment::is_open);
    let (text, keyboard) = (text(turn.say, turn.cx.settings.time_zone, task), buttons(turn, task, own.as_ref()));
    // A card that the officer has asked for is a delivery like any other.
    let own = own.filter(|own| own.state.is_unanswered()).map(|own| own.id);
    if turn.press.is_some_and(|press| press.message.is_some()) {
        turn.show(text, keyboard);
        // Whatever the message was before, it is the card of this task from now on.
        if let Some(card) = turn.answer.messages.last_mut() {
            card.slot = Some(Slot::task(task.id));
            card.assignment = own;
        }
    } else {
        let card = Outgoing::text(turn.chat.chat, text).with(keyboard).in_slot(Slot::task(task.id)).about(own);
        turn.answer.messages.push(card);
    }
    Ok(())
}

/// What follows from a button of a card.
pub async fn press(turn: &mut Turn<'_>, verb: Verb, id: TaskId) -> Result<()> {
    match verb {
        Verb::Show => {
            let task = app::task::by_id(turn.cx, &turn.actor, id).await?;
            show(turn, &task).await?;
        }
        Verb::Accept => answered(turn, id, Response::Accept, "done-accepted").await?,
        Verb::EnRoute => answered(turn, id, Response::EnRoute, "done-en-route").await?,
        Verb::Arrive => answered(turn, id, Response::Arrive, "done-arrived").await?,
        Verb::Pause => moved(turn, id, TaskState::Paused, "done-paused").await?,
        Verb::Resume => moved(turn, id, TaskState::InProgress, "done-resumed").await?,
        Verb::Finish => {
            let task = app::task::by_id(turn.cx, &turn.actor, id).await?;
            finish::ask(turn, &task);
        }
        Verb::Decline => {
            let task = app::task::by_id(turn.cx, &turn.actor, id).await?;
            wait_for(turn, &task, "decline-ask", Dialogue::Decline { tarea: id });
        }
        Verb::Map => map(turn, id).await?,
        Verb::Note => note::ask(turn, id).await?,
    }
    Ok(())
}

/// Asks for words about a task, unless something else is waited for.
pub fn wait_for(turn: &mut Turn<'_>, task: &Task, key: &str, dialogue: Dialogue) {
    if matches!(turn.dialogue, Some(Dialogue::Create { .. } | Dialogue::Emergency { .. })) {
        let text = turn.label("busy");
        return turn.notice(text, true);
    }
    let text = turn.html(key, With::none().text("code", &task.code));
    let cancel = Keyboard::new().row([(turn.label("button-cancel"), "finalizar:cancel")]);
    turn.reply(text, cancel);
    turn.wait(dialogue);
}

async fn answered(turn: &mut Turn<'_>, id: TaskId, response: Response, key: &str) -> Result<()> {
    let task = app::task::respond(turn.cx, &turn.actor, id, response).await?;
    let text = turn.say.plain(key, With::none().text("code", &task.code));
    turn.notice(text, false);
    show(turn, &task).await
}

async fn moved(turn: &mut Turn<'_>, id: TaskId, to: TaskState, key: &str) -> Result<()> {
    let change = TaskChange { state: Some(to), ..TaskChange::default() };
    let task = app::task::update(turn.cx, &turn.actor, id, change).await?;
    let text = turn.say.plain(key, With::none().text("code", &task.code));
    turn.notice(text, false);
    show(turn, &task).await
}

/// The reason for which an officer does not go.
pub async fn decline(turn: &mut Turn<'_>, id: TaskId, reason: &str) -> Result<()> {
    let length = reason.chars().count();
    if !(3..=300).contains(&length) {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let text = turn.html("decline-length", With::none().number("length", length));
        turn.reply(refusal::closing(turn.say, &text), Keyboard::new());
        return Ok(());
    }
    turn.end();
    let response = Response::Decline { reason: reason.to_owned() };
    let task = app::task::respond(turn.cx, &turn.actor, id, response).await?;
    let text = turn.html("done-declined", With::none().text("code", &task.code));
    // In the place of the card, whose buttons can no longer be used.
    turn.answer.messages.push(Outgoing::text(turn.chat.chat, text).in_slot(Slot::task(task.id)));
    Ok(())
}

/// The place of a task as a pin, with its name where it has one.
async fn map(turn: &mut Turn<'_>, id: TaskId) -> Result<()> {
    let task = app::task::by_id(turn.cx, &turn.actor, id).await?;
    let Some(point) = task.location else {
        let text = turn.label("no-place");
        turn.notice(text, true);
        return Ok(());
    };
    let pin = match &task.location_description {
        Some(place) if !place.as_str().is_empty() => {
            let title = isolate(&cut(&format!("{} {}", task.code, task.title), 100));
            Outgoing::venue(turn.chat.chat, point, &title, &isolate(&cut(place.as_str(), 200)))
        }
        _ => Outgoing::location(turn.chat.chat, point),
    };
    turn.answer.messages.push(pin);
    Ok(())
}

/// A task of the list as one button.
pub fn button(task: &Task, data: String) -> (String, String) {
    let mark = match task.state {
        TaskState::InProgress => "▶️ ",
        TaskState::Paused => "⏸ ",
        _ => "",
    };
    (isolate(&format!("{mark}{} · {}", task.code, cut(task.title.as_str(), 30))), data)
}

/// A task of the list as one line.
pub fn line(say: Say, task: &Task) -> String {
    let title = escape(&cut(task.title.as_str(), 50));
    format!("<code>{}</code> {title} — {}", escape(task.code.as_str()), say.label(state_key(task.state)))
}

/// The card by a code as somebody wrote it.
pub async fn by_code(turn: &mut Turn<'_>, code: &str) -> Result<()> {
    let task = find(turn, code).await?;
    show(turn, &task).await
}

/// The task of a code as somebody wrote it, if that person may see it.
pub async fn find(turn: &Turn<'_>, code: &str) -> Result<Task> {
    // Stored codes may be longer than new ones, so nothing but the case is mended.
    let code = domain::TaskCode::stored(code.trim().to_uppercase());
    let caller = app::telegram::Caller::User(turn.actor.clone());
    if code.as_str().is_empty() {
        return Err(Error::not_found(app::Kind::TaskCode, code));
    }
    app::telegram::by_code(turn.cx, &caller, &code).await
}

#[test]
fn a_time_is_told_by_the_clocks_of_the_office() {
    let at = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap();
    assert_eq!(time(Tz::UTC, at), "09/10/2025 08:53");
    assert_eq!(time(chrono_tz::America::Argentina::Buenos_Aires, at), "09/10/2025 05:53");
}
