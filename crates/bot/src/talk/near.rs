//! Who is near, why not the others, and sending somebody.

use app::Result;
use app::dispatch::{Candidate, Nearest, NearestQuery};
use app::policy::{self, Permission};
use app::task::{Sent, TaskChange};
use domain::dispatch::{Exclusion, LastChoice};
use domain::{OfficerId, Point, Task, TaskId, TaskState};
use store::Page;
use store::task::TaskFilter;

use super::html::{cut, escape, isolate};
use super::say::{Say, With};
use super::turn::Turn;
use super::{Dialogue, card};
use crate::model::{Keyboard, Markup};

/// Officers shown.
const SHOWN: u32 = 5;
/// Officers left out of whom the reason is shown.
const LEFT_OUT: usize = 5;
/// Tasks to which an officer can be sent by button.
const TASKS: u32 = 10;

/// `/cerca`: around a task by its code, or around a place that is asked for.
pub async fn command(turn: &mut Turn<'_>, code: &str) -> Result<()> {
    policy::require(&turn.actor, Permission::ViewPeople)?;
    if !code.is_empty() {
        let task = card::find(turn, code).await?;
        return around_task(turn, &task).await;
    }
    turn.wait(Dialogue::Near);
    let share = turn.label("button-share-place");
    let text = turn.say.it("near-ask");
    turn.reply(text, Markup::AskLocation { share, cancel: "/cancelar".to_owned() });
    Ok(())
}

/// Officers near a task, by a button of its card.
pub async fn task(turn: &mut Turn<'_>, id: TaskId) -> Result<()> {
    let task = app::task::by_id(turn.cx, &turn.actor, id).await?;
    around_task(turn, &task).await
}

async fn around_task(turn: &mut Turn<'_>, task: &Task) -> Result<()> {
    match task.location {
        Some(point) => around(turn, point, Some(task), false).await,
        None => {
            turn.remark("no-place");
            Ok(())
        }
    }
}

/// Officers near a point, nearest first, with a button to send each; `asked` when the person's
/// keyboard is to come back.
pub async fn around(turn: &mut Turn<'_>, point: Point, task: Option<&Task>, asked: bool) -> Result<()> {
    let query = NearestQuery { point, limit: SHOWN, radius_m: None, unit: None };
    let nearest = app::dispatch::nearest(turn.cx, &turn.actor, query).await?;
    let text = text(turn.say, &nearest);
    let mut keyboard = Keyboard::new();
    for candidate in &nearest.candidates {
        let officer = &candidate.nearby.officer;
        let data = task.map_or_else(
            || format!("asignar:elegir:{}", officer.id),
            |task| format!("asignar:{}:{}", task.id, officer.id),
        );
        let name = isolate(&cut(&officer.full_name(), 40));
        let label = turn.say.plain("button-assign", With::none().html("name", name));
        keyboard = keyboard.row([(label, data)]);
    }
    if asked {
        turn.reply(turn.say.it("near-here"), Markup::RemoveKeyboard);
    }
    turn.reply(text, keyboard.row([(turn.label("button-menu"), "menu:main")]));
    Ok(())
}

fn text(say: Say, nearest: &Nearest) -> String {
    let lines: Vec<String> = nearest.candidates.iter().map(|candidate| line(say, candidate)).collect();
    let out: Vec<String> = nearest.left_out.iter().take(LEFT_OUT).map(|candidate| line(say, candidate)).collect();
    let mut text = if lines.is_empty() {
        say.it("near-nobody")
    } else {
        say.html("near", With::none().html("lines", lines.join("\n")))
    };
    if !out.is_empty() {
        text.push_str("\n\n");
        text.push_str(&say.html("near-left-out", With::none().html("lines", out.join("\n"))));
    }
    let passed_over = nearest.left_out.len() + nearest.without_position.len();
    say.with_more(text, "list-more", passed_over, out.len())
}

fn line(say: Say, candidate: &Candidate) -> String {
    let officer = &candidate.nearby.officer;
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a drive on the Earth fit")]
    let minutes = candidate.estimated_minutes.ceil() as i64;
    let with = With::none()
        .html("name", escape(&cut(&officer.full_name(), 60)))
        .text("code", &officer.internal_code)
        .text("distance", distance(say, candidate.nearby.distance_m))
        .number("minutes", minutes)
        .number("age", candidate.position_age_s / 60);
    let line = say.html("near-line", with);
    match candidate.exclusion {
        Some(why) => format!("{line} — {}", say.label(exclusion_key(why))),
        None if candidate.last_choice.is_empty() => line,
        None => {
            let why: Vec<String> = candidate.last_choice.iter().map(|why| say.label(last_choice_key(*why))).collect();
            format!("{line} — ⚠️ {}", why.join(", "))
        }
    }
}

const fn last_choice_key(why: LastChoice) -> &'static str {
    match why {
        LastChoice::InaccuratePosition => "last-inaccurate",
        LastChoice::Unreachable => "last-unreachable",
        LastChoice::Unanswered => "last-unanswered",
    }
}

const fn exclusion_key(why: Exclusion) -> &'static str {
    match why {
        Exclusion::OnTask => "out-on-task",
        Exclusion::OutOfService => "out-out-of-service",
        Exclusion::Unavailable => "out-unavailable",
        Exclusion::StalePosition => "out-stale",
        Exclusion::OtherUnit => "out-other-unit",
        Exclusion::OutOfRadius => "out-of-radius",
        Exclusion::InactiveAccount => "out-inactive-account",
        Exclusion::Caller => "out-caller",
        Exclusion::Declined => "out-declined",
        Exclusion::LetExpire => "out-let-expire",
        Exclusion::TakenOff => "out-taken-off",
        Exclusion::AlreadySent => "out-already-sent",
        Exclusion::NoPosition => "out-no-position",
        Exclusion::DoubtfulPosition => "out-doubtful",
    }
}

/// A distance as people say it: metres, or kilometres with a digit.
pub fn distance(say: Say, metres: f64) -> String {
    if metres < 1000.0 {
        return format!("{metres:.0} m");
    }
    let km = format!("{:.1} km", metres / 1000.0);
    match say.0 {
        crate::model::Language::Spanish => km.replace('.', ","),
        crate::model::Language::English => km,
    }
}

/// Open tasks to which an officer could be sent.
pub async fn pick(turn: &mut Turn<'_>, officer: OfficerId) -> Result<()> {
    policy::require(&turn.actor, Permission::AssignTasks)?;
    let states = vec![TaskState::Scheduled, TaskState::InProgress, TaskState::Paused];
    let filter = TaskFilter { states, ..TaskFilter::default() };
    let newest = Page { skip: 0, limit: TASKS, after: None, descending: true };
    let count = app::task::count(turn.cx, &turn.actor, filter.clone()).await?;
    let tasks = app::task::list(turn.cx, &turn.actor, filter, newest).await?;
    let rows = tasks.iter().map(|task| card::button(task, format!("asignar:{}:{officer}", task.id)));
    let keyboard = rows.fold(Keyboard::new(), |keyboard, button| keyboard.row([button]));
    let text = turn.say.it(if tasks.is_empty() { "assign-none" } else { "assign-pick" });
    let text = turn.say.with_more(text, "list-more", count, tasks.len());
    turn.show(text, keyboard.row([(turn.label("button-menu"), "menu:main")]));
    Ok(())
}

/// Sends an officer to a task. One who is sent already stays so.
pub async fn assign(turn: &mut Turn<'_>, id: TaskId, officer: OfficerId) -> Result<()> {
    policy::require(&turn.actor, Permission::AssignTasks)?;
    let change = TaskChange { officers: Some(Sent::Also(vec![officer])), ..TaskChange::default() };
    let task = app::task::update(turn.cx, &turn.actor, id, change).await?;
    let text = turn.say.plain("assign-done", With::none().text("code", &task.code));
    turn.notice(text, false);
    card::show(turn, &task).await
}
