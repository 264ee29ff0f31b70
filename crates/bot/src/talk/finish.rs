//! Ending a task: from a list, by its code, or from its card.

use app::{Error, Kind, Result};
use domain::{Task, TaskCode, TaskId, TaskState};
use store::Page;
use store::task::TaskFilter;

use super::html::cut;
use super::say::With;
use super::turn::Turn;
use super::{Dialogue, card, refusal};
use crate::model::{CallbackData, Keyboard, Mark};

/// Tasks a page (contract §5.2).
const PAGE: u32 = 5;
/// Longest note, in characters.
const NOTE: usize = 500;

/// One's open tasks as buttons; `page` counts from 0.
pub async fn list(turn: &mut Turn<'_>, page: u32) -> Result<()> {
    let states = vec![TaskState::Scheduled, TaskState::InProgress, TaskState::Paused];
    let filter = TaskFilter { states, ..TaskFilter::default() };
    let part = Page { skip: page.saturating_mul(PAGE), limit: PAGE, after: None, descending: false };
    let (tasks, count) = app::task::mine(turn.cx, &turn.actor, filter, part).await?;
    let mut keyboard = Keyboard::new();
    for task in &tasks {
        // A stored code may be too long for a button; its number never is.
        let data = format!("finalizar:select:{}", task.code);
        let data = CallbackData::try_from(data).map_or(format!("finalizar:id:{}", task.id), |d| d.as_str().to_owned());
        keyboard = keyboard.row([card::button(task, data)]);
    }
    keyboard =
        pager(turn, keyboard, "finalizar:list", page, count, PAGE).row([(turn.label("button-menu"), "menu:main")]);
    let text = if count == 0 { turn.say.it("finish-none") } else { turn.say.it("finish-pick") };
    turn.show(text, keyboard);
    Ok(())
}

/// Buttons to the page before and after.
pub fn pager(turn: &Turn<'_>, keyboard: Keyboard, data: &str, page: u32, count: i64, size: u32) -> Keyboard {
    let mut row = Vec::new();
    if page > 0 {
        row.push((turn.label("button-before"), format!("{data}:{}", page - 1)));
    }
    if i64::from(page.saturating_add(1)) * i64::from(size) < count {
        row.push((turn.label("button-after"), format!("{data}:{}", page + 1)));
    }
    keyboard.row(row)
}

/// Asks whether the task of a code is to end.
pub async fn ask_code(turn: &mut Turn<'_>, code: &TaskCode) -> Result<()> {
    let task = card::find(turn, code.as_str()).await?;
    ask(turn, &task);
    Ok(())
}

/// Asks whether a task is to end.
pub async fn ask_id(turn: &mut Turn<'_>, id: TaskId) -> Result<()> {
    let task = app::task::by_id(turn.cx, &turn.actor, id).await?;
    ask(turn, &task);
    Ok(())
}

/// Asks whether a task is to end.
pub fn ask(turn: &mut Turn<'_>, task: &Task) {
    if matches!(turn.dialogue, Some(Dialogue::Create { .. } | Dialogue::Emergency { .. })) {
        let text = turn.label("busy");
        return turn.notice(text, true);
    }
    let with =
        With::none().text("code", &task.code).text("title", cut(task.title.as_str(), 200)).text("kind", task.kind);
    let keyboard = Keyboard::new()
        .row([(turn.label("button-finish-yes"), "finalizar:confirm:yes")])
        .row([(turn.label("button-finish-note"), "finalizar:confirm:nota")])
        .row([(turn.label("button-no"), "finalizar:cancel")]);
    let text = turn.html("finish-ask", with);
    turn.show(text, keyboard);
    turn.wait(Dialogue::Finish { codigo: task.code.clone(), nota: false });
    turn.mark(Mark::WizardStarted("finalizar"));
}

/// The task that is asked about is to end, at once or with a note.
pub async fn yes(turn: &mut Turn<'_>, with_note: bool) -> Result<()> {
    let Some(Dialogue::Finish { codigo, .. }) = turn.dialogue.clone() else {
        // A second tap, or a message of long ago: nothing is ended by it.
        turn.remark("stale");
        return Ok(());
    };
    if with_note {
        let keyboard = Keyboard::new()
            .row([(turn.label("button-without-note"), "finalizar:confirm:yes")])
            .row([(turn.label("button-cancel"), "finalizar:cancel")]);
        let text = turn.html("finish-note", With::none().text("code", &codigo));
        turn.show(text, keyboard);
        turn.wait(Dialogue::Finish { codigo, nota: true });
        return Ok(());
    }
    close(turn, &codigo, None).await
}

/// A text while a task is asked about: its note, or a reminder that a button is waited for.
pub async fn text(turn: &mut Turn<'_>, code: &TaskCode, note: bool, text: &str) -> Result<()> {
    if !note {
        turn.tell("finish-press");
        return Ok(());
    }
    let length = text.chars().count();
    if length > NOTE {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let text = turn.html("finish-note-long", With::none().number("length", length));
        turn.reply(refusal::closing(turn.say, &text), Keyboard::new());
        return Ok(());
    }
    close(turn, code, Some(text)).await
}

/// Ends the task of a code, and says what became of it.
pub async fn close(turn: &mut Turn<'_>, code: &TaskCode, note: Option<&str>) -> Result<()> {
    turn.end();
    let finished = app::task::finish(turn.cx, &turn.actor, code, note).await.map_err(|error| match error {
        // Whoever may not know of a task is told the same as of one that is not there.
        Error::NotFound { hidden: true, .. } => Error::hidden(Kind::TaskCode, code),
        Error::NotFound { .. } => Error::not_found(Kind::TaskCode, code),
        error => error,
    })?;
    let key = if finished.already { "finish-already" } else { "finish-done" };
    let text = turn.html(key, With::none().text("code", &finished.task.code));
    let keyboard = Keyboard::new().row([(turn.label("button-menu"), "menu:main")]);
    turn.show(text, keyboard);
    turn.mark(Mark::WizardCompleted("finalizar"));
    Ok(())
}

/// `/finalizar CÓDIGO` and `listo CÓDIGO`; without a code the list.
pub async fn command(turn: &mut Turn<'_>, code: &str) -> Result<()> {
    if code.is_empty() {
        return list(turn, 0).await;
    }
    let code = TaskCode::stored(code.trim_matches(['"', '\'', '.', '!']).to_uppercase());
    close(turn, &code, None).await
}
