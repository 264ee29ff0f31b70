//! One's tasks: today's, those of before, those that hold some words.

use app::Result;
use chrono::TimeDelta;
use domain::{Task, TaskState};
use store::Page;
use store::task::TaskFilter;

use super::say::With;
use super::turn::Turn;
use super::{Dialogue, card, finish};
use crate::model::{Keyboard, Mark};

/// Tasks a page.
const PAGE: u32 = 10;
/// Most tasks of a search.
const FOUND: u32 = 10;
/// Filters of the history, and the states that each shows.
const FILTERS: [(&str, &[TaskState]); 3] = [
    ("todas", &[]),
    ("activas", &[TaskState::Scheduled, TaskState::InProgress, TaskState::Paused]),
    ("finalizadas", &[TaskState::Finished, TaskState::Cancelled]),
];

const fn page(number: u32, descending: bool) -> Page {
    Page { skip: number.saturating_mul(PAGE), limit: PAGE, after: None, descending }
}

/// One's tasks that are begun or are to begin within a day, those that were late first.
pub async fn today(turn: &mut Turn<'_>, number: u32) -> Result<()> {
    let filter = TaskFilter {
        states: FILTERS[1].1.to_vec(),
        starts_before: Some(turn.cx.clock.now() + TimeDelta::hours(24)),
        ..TaskFilter::default()
    };
    let (tasks, count) = app::task::mine(turn.cx, &turn.actor, filter, page(number, false)).await?;
    let text = match count {
        0 => turn.say.it("today-none"),
        count => turn.html("today", With::none().number("count", count)),
    };
    let keyboard = finish::pager(turn, buttons(&tasks), "tareas:page", number, count, PAGE);
    turn.show(text, keyboard.row([(turn.label("button-menu"), "menu:main")]));
    Ok(())
}

fn buttons(tasks: &[Task]) -> Keyboard {
    let rows = tasks.iter().map(|task| card::button(task, format!("tarea:ver:{}", task.id)));
    rows.fold(Keyboard::new(), |keyboard, button| keyboard.row([button]))
}

/// `/historial`: newest first, ten a page.
pub async fn history(turn: &mut Turn<'_>, filter: &str, number: u32) -> Result<()> {
    let word = if filter.is_empty() { "todas" } else { filter };
    let Some((word, states)) = FILTERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)) else {
        let text = turn.html("history-filters", With::none().text("word", filter));
        turn.reply(super::refusal::closing(turn.say, &text), Keyboard::new());
        return Ok(());
    };
    let filter = TaskFilter { states: states.to_vec(), ..TaskFilter::default() };
    let (tasks, count) = app::task::mine(turn.cx, &turn.actor, filter, page(number, true)).await?;
    let lines: Vec<String> = tasks.iter().map(|task| card::line(turn.say, task)).collect();
    let pages = count.max(1).div_euclid(i64::from(PAGE)) + i64::from(count.max(1) % i64::from(PAGE) != 0);
    let with = With::none()
        .text("filter", word)
        .number("count", count)
        .number("page", i64::from(number) + 1)
        .number("pages", pages)
        .html("lines", lines.join("\n"));
    let text = if count == 0 { turn.say.it("history-none") } else { turn.html("history", with) };
    let keyboard = finish::pager(turn, Keyboard::new(), &format!("historial:{word}"), number, count, PAGE);
    turn.show(text, keyboard.row([(turn.label("button-close"), "hist_close")]));
    Ok(())
}

/// `/buscar`: tasks that one may see and that hold the words.
pub async fn search(turn: &mut Turn<'_>, query: &str) -> Result<()> {
    if query.is_empty() {
        turn.wait(Dialogue::Search);
        turn.tell("search-ask");
        return Ok(());
    }
    turn.end();
    let words = domain::search::words(query);
    let (tasks, count) = if words.is_empty() || words.len() > domain::search::MAX_WORDS {
        (Vec::new(), 0)
    } else {
        let filter = TaskFilter::default().with_search(query);
        let newest = Page { skip: 0, limit: FOUND, after: None, descending: true };
        let count = app::task::count(turn.cx, &turn.actor, filter.clone()).await?;
        (app::task::list(turn.cx, &turn.actor, filter, newest).await?, count)
    };
    let shown = i64::try_from(tasks.len()).unwrap_or(i64::MAX);
    let with = With::none().text("query", super::html::cut(query, 100)).number("count", count.max(shown));
    let text = turn.html(if tasks.is_empty() { "search-none" } else { "search-found" }, with);
    let text = turn.say.with_more(text, "list-more", count, tasks.len());
    turn.reply(text, buttons(&tasks).row([(turn.label("button-menu"), "menu:main")]));
    turn.mark(Mark::Handled("buscar"));
    Ok(())
}
