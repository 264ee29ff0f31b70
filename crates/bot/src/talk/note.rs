//! What people leave with a task: they press for it, or just send a photo, a voice message or a file.

use app::Result;
use app::policy::may_act_on_task;
use domain::note::{FileName, NoteContent, NoteFile, NoteKind, NoteText};
use domain::{Task, TaskId, TaskState};
use store::Page;
use store::task::TaskFilter;

use super::html::cut;
use super::press::Verb;
use super::say::With;
use super::turn::Turn;
use super::{Dialogue, card, refusal};
use crate::model::{Attachment, AttachmentKind, Change, Keyboard, Mark, Place};

/// Tasks that are offered for a file.
const OFFERED: u32 = 10;
/// Longest type that is kept; real ones are far shorter.
const MIME: usize = 127;

/// Asks for what is to be left with a task.
pub async fn ask(turn: &mut Turn<'_>, id: TaskId) -> Result<()> {
    let task = app::task::by_id(turn.cx, &turn.actor, id).await?;
    may_act_on_task(&turn.actor, &task)?;
    card::wait_for(turn, &task, "note-ask", Dialogue::Note { tarea: id, album: None });
    Ok(())
}

/// Words that were asked for.
pub async fn text(turn: &mut Turn<'_>, id: TaskId, text: &str) -> Result<()> {
    let Ok(words) = NoteText::try_from(text) else {
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let most = i64::try_from(NoteText::MOST).unwrap_or(i64::MAX);
        let text = turn.html("note-length", With::none().number("length", length).number("most", most));
        turn.reply(refusal::closing(turn.say, &text), Keyboard::new());
        return Ok(());
    };
    turn.end();
    keep(turn, id, vec![NoteContent::text(words)], Change::End).await
}

/// A place that was asked for.
pub async fn place(turn: &mut Turn<'_>, id: TaskId, place: Place) -> Result<()> {
    turn.end();
    keep(turn, id, vec![NoteContent::place(place.point)], Change::End).await
}

/// A photo, a voice message or a file, asked for or not. What came as one album stays together.
pub async fn file(turn: &mut Turn<'_>, attachment: &Attachment, album: Option<&str>) -> Result<()> {
    let Some(content) = content(attachment) else {
        turn.tell("not-text");
        return Ok(());
    };
    let is_of = |open: &Option<String>| open.is_some() && open.as_deref() == album;
    match turn.dialogue.clone() {
        // The others of an album whose first was answered.
        Some(Dialogue::Note { tarea, album: open }) if is_of(&open) => {
            app::note::add(turn.cx, &turn.actor, tarea, vec![content]).await?;
            Ok(())
        }
        Some(Dialogue::Note { tarea, album: None }) => {
            turn.end();
            keep(turn, tarea, vec![content], after(tarea, album)).await
        }
        // A picture of how it was left.
        Some(Dialogue::Finish { codigo, .. }) => {
            let task = card::find(turn, codigo.as_str()).await?;
            keep(turn, task.id, vec![content], Change::Keep).await
        }
        Some(Dialogue::NoteFor { mut notas, album: open }) => {
            if notas.len() >= app::note::MOST_AT_ONCE {
                turn.tell("note-pick");
                return Ok(());
            }
            notas.push(content);
            if is_of(&open) {
                turn.wait(Dialogue::NoteFor { notas, album: open });
                return Ok(());
            }
            pick(turn, notas, album).await
        }
        Some(Dialogue::Note { .. }) | None => match only_begun(turn).await? {
            Some(task) => keep(turn, task.id, vec![content], after(task.id, album)).await,
            None => pick(turn, vec![content], album).await,
        },
        // Something else is open and stays so.
        Some(_) => match only_begun(turn).await? {
            Some(task) => keep(turn, task.id, vec![content], Change::Keep).await,
            None => {
                turn.tell("note-busy");
                Ok(())
            }
        },
    }
}

/// What is waited for after a file: the others of its album, if it is one of several.
fn after(task: TaskId, album: Option<&str>) -> Change<Dialogue> {
    album.map_or(Change::End, |album| Change::Set(Dialogue::Note { tarea: task, album: Some(album.to_owned()) }))
}

/// The task to which what waits is to be added.
pub async fn chosen(turn: &mut Turn<'_>, id: TaskId) -> Result<()> {
    let Some(Dialogue::NoteFor { notas, album }) = turn.dialogue.clone() else {
        // A second tap, or a message of long ago.
        turn.remark("stale");
        return Ok(());
    };
    // If it cannot go there, another task may still be chosen.
    keep(turn, id, notas, after(id, album.as_deref())).await
}

/// Keeps notes with a task, and says so; `then` is what is waited for when they are kept.
async fn keep(turn: &mut Turn<'_>, id: TaskId, contents: Vec<NoteContent>, then: Change<Dialogue>) -> Result<()> {
    let too_large = |content: &NoteContent| {
        let bytes = content.file.as_ref().and_then(|file| file.bytes).unwrap_or_default();
        usize::try_from(bytes).is_ok_and(|bytes| bytes > app::note::LARGEST)
    };
    let is_too_large = contents.iter().any(too_large);
    let count = i64::try_from(contents.len()).unwrap_or(i64::MAX);
    app::note::add(turn.cx, &turn.actor, id, contents).await?;
    turn.answer.dialogue = then;
    let task = app::task::by_id(turn.cx, &turn.actor, id).await?;
    let mut text = turn.html("note-kept", With::none().number("count", count).text("code", &task.code));
    if is_too_large {
        text = format!("{text}\n{}", turn.say.it("note-large"));
    }
    let row = [("button-note", Verb::Note), ("button-show-task", Verb::Show)];
    let row = row.map(|(key, verb)| (turn.label(key), verb.data(id)));
    turn.show(text, Keyboard::new().row(row));
    turn.mark(Mark::Handled("nota"));
    Ok(())
}

/// Asks to which task notes are to go.
async fn pick(turn: &mut Turn<'_>, notes: Vec<NoteContent>, album: Option<&str>) -> Result<()> {
    let states = vec![TaskState::InProgress, TaskState::Paused, TaskState::Scheduled];
    let (tasks, open) = mine(turn, states, OFFERED).await?;
    if tasks.is_empty() {
        turn.tell("note-no-task");
        return Ok(());
    }
    let button = |task: &Task| card::button(task, format!("nota:en:{}", task.id));
    let keyboard = tasks.iter().fold(Keyboard::new(), |keyboard, task| keyboard.row([button(task)]));
    let keyboard = keyboard.row([(turn.label("button-cancel"), "finalizar:cancel")]);
    let count = i64::try_from(notes.len()).unwrap_or(i64::MAX);
    let text = turn.html("note-which", With::none().number("count", count));
    let text = turn.say.with_more(text, "list-more", open, tasks.len());
    turn.reply(text, keyboard);
    turn.wait(Dialogue::NoteFor { notas: notes, album: album.map(str::to_owned) });
    Ok(())
}

/// The one task of the person's that is in course; `None` where there are several, or none.
async fn only_begun(turn: &Turn<'_>) -> Result<Option<Task>> {
    let (mut tasks, _) = mine(turn, vec![TaskState::InProgress], 2).await?;
    Ok(if tasks.len() == 1 { tasks.pop() } else { None })
}

async fn mine(turn: &Turn<'_>, states: Vec<TaskState>, limit: u32) -> Result<(Vec<Task>, i64)> {
    let filter = TaskFilter { states, ..TaskFilter::default() };
    app::task::mine(turn.cx, &turn.actor, filter, Page::first(limit)).await
}

/// What was sent as a note; `None` for a file whose name no server of Telegram would give.
fn content(attachment: &Attachment) -> Option<NoteContent> {
    // Telegram says no type of these two, which are always of this one.
    let (kind, usual) = match attachment.kind {
        AttachmentKind::Photo => (NoteKind::Photo, Some("image/jpeg")),
        AttachmentKind::Voice => (NoteKind::Voice, Some("audio/ogg")),
        AttachmentKind::File => (NoteKind::File, None),
    };
    let mime = attachment.mime.clone().filter(|mime| mime.len() <= MIME && mime.bytes().all(|b| b.is_ascii_graphic()));
    let file = NoteFile {
        id: FileName::try_from(attachment.file_id.as_str()).ok()?,
        unique_id: FileName::try_from(attachment.unique_id.as_str()).ok()?,
        mime: mime.or(usual.map(str::to_owned)),
        bytes: attachment.bytes.filter(|bytes| *bytes >= 0),
    };
    let caption = attachment.caption.as_deref().map(|caption| cut(&caption.replace('\0', ""), NoteText::MOST));
    Some(NoteContent::file(kind, file, caption.and_then(|caption| NoteText::try_from(caption).ok())))
}
