//! `/estadisticas`: how one's own tasks go.

use std::collections::{BTreeMap, BTreeSet};

use app::Result;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use domain::report::office_day;
use domain::{Task, TaskKind, TaskState, Time};
use store::task::TaskFilter;
use store::{Cursor, Page};

use super::say::With;
use super::turn::Turn;
use crate::model::{Keyboard, Language};

/// How far the figures look back, in days.
const DAYS: u16 = 30;
/// Tasks read at once.
const PART: u32 = 500;
/// Types shown.
const TOP: usize = 5;

/// `/estadisticas`.
pub async fn mine(turn: &mut Turn<'_>) -> Result<()> {
    let Some(user) = turn.actor.user() else { return Ok(()) };
    let (report, _) = app::stats::of_user(turn.cx, &turn.actor, user, DAYS, true).await?;
    let tasks = all_tasks(turn).await?;
    let now = turn.cx.clock.now();
    let top: Vec<String> = top_kinds(&tasks).into_iter().map(|(kind, n)| format!("{kind}: {n}")).collect();
    let decimal = |value: f64| match turn.say.0 {
        Language::Spanish => format!("{value:.2}").replace('.', ","),
        Language::English => format!("{value:.2}"),
    };
    let with = With::none()
        .number("days", DAYS)
        .number("total", report.counts.total)
        .number("finished", report.counts.finished)
        .number("running", report.counts.in_progress)
        .number("scheduled", report.counts.scheduled)
        .number("paused", report.counts.paused)
        .number("cancelled", report.counts.cancelled)
        .text("hours", decimal(report.mean_hours))
        .text("daily", decimal(report.finished_a_day))
        .text("top", if top.is_empty() { "—".to_owned() } else { top.join(", ") })
        .number("streak", streak(&tasks, now, turn.cx.settings.time_zone))
        .number("week", since(&tasks, now - TimeDelta::days(7)));
    let text = turn.html("statistics", with);
    let keyboard = Keyboard::new().row([(turn.label("button-menu"), "menu:main")]);
    turn.show(text, keyboard);
    Ok(())
}

/// All of one's own tasks.
async fn all_tasks(turn: &Turn<'_>) -> Result<Vec<Task>> {
    let mut tasks: Vec<Task> = Vec::new();
    loop {
        let page = Page { after: tasks.last().map(|last| Cursor(last.id.0)), ..Page::first(PART) };
        let (part, _) = app::task::mine(turn.cx, &turn.actor, TaskFilter::default(), page).await?;
        let is_end = part.len() < PART as usize;
        tasks.extend(part);
        if is_end {
            return Ok(tasks);
        }
    }
}

/// Types by how many tasks are of each, most first; equal ones in the order of the contract.
fn top_kinds(tasks: &[Task]) -> Vec<(TaskKind, usize)> {
    let mut counts: BTreeMap<TaskKind, usize> = BTreeMap::new();
    for task in tasks {
        *counts.entry(task.kind).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(kind, count)| (std::cmp::Reverse(*count), *kind));
    counts.truncate(TOP);
    counts
}

fn finished(tasks: &[Task]) -> impl Iterator<Item = Time> {
    tasks.iter().filter(|task| task.state == TaskState::Finished).filter_map(|task| task.finished_at)
}

fn since(tasks: &[Task], from: Time) -> i64 {
    i64::try_from(finished(tasks).filter(|at| *at >= from).count()).unwrap_or(i64::MAX)
}

/// Days of the office in a row, on each of which a task was finished, up to today or yesterday.
fn streak(tasks: &[Task], now: Time, zone: Tz) -> i64 {
    let days: BTreeSet<NaiveDate> = finished(tasks).map(|at| office_day(at, zone)).collect();
    let today = office_day(now, zone);
    // Today is not over yet, so a day without one does not end the row.
    let begin = if days.contains(&today) { Some(today) } else { today.pred_opt() };
    let row = std::iter::successors(begin, NaiveDate::pred_opt).take_while(|day| days.contains(day));
    i64::try_from(row.count()).unwrap_or(i64::MAX)
}
