//! Seeing what was left with a task.

use domain::note::Note;
use domain::{NoteId, TaskId};

use crate::{Actor, Context, Error, Kind, Result, task};

/// The newest notes of a task, at most `limit`, before the one of number `before` where one is given;
/// newest last.
pub async fn list(cx: &Context, actor: &Actor, id: TaskId, before: Option<NoteId>, limit: u32) -> Result<Vec<Note>> {
    task::by_id(cx, actor, id).await?;
    Ok(cx.store.read().await?.notes().of_task(id, before, limit).await?)
}

/// One note of a task.
pub async fn by_id(cx: &Context, actor: &Actor, id: TaskId, note: NoteId) -> Result<Note> {
    task::by_id(cx, actor, id).await?;
    let found = cx.store.read().await?.notes().by_id(note).await?;
    found.filter(|found| found.task == id).ok_or_else(|| Error::not_found(Kind::Note, note))
}
