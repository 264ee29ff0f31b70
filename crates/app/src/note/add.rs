//! Leaving something with a task.

use domain::TaskId;
use domain::audit::AuditEvent;
use domain::note::{NewNote, Note, NoteContent};
use serde_json::{Value, json};

use super::CHANGED;
use crate::record;
use crate::{Actor, Context, Error, Forbidden, Kind, Result, idempotency, policy};

/// Most notes of one request.
pub const MOST_AT_ONCE: usize = 20;

/// Keeps notes with a task, in this order. A repeated request keeps them once.
///
/// # Errors
/// `NotFound` for whoever may not see the task, `Forbidden` for whoever may not act on it.
pub async fn add(cx: &Context, actor: &Actor, id: TaskId, contents: Vec<NoteContent>) -> Result<Vec<Note>> {
    let by = actor.user().ok_or(Error::Forbidden(Forbidden::NotYours))?;
    if !(1..=MOST_AT_ONCE).contains(&contents.len()) {
        return Err(Error::invalid("notas", format!("must hold 1 to {MOST_AT_ONCE}, holds {}", contents.len())));
    }
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(notes) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(notes);
    }
    // Locked, so that it is not deleted meanwhile.
    let task = tx.tasks().lock(id).await?.ok_or_else(|| Error::not_found(Kind::Task, id))?;
    policy::may_see_task(actor, &task)?;
    policy::may_act_on_task(actor, &task)?;
    let mut notes = Vec::with_capacity(contents.len());
    for content in contents {
        notes.push(tx.notes().add(&NewNote { task: id, by, content, at: actor.fact_time(now) }).await?);
    }
    // What a note says may be personal, so the audit holds its number and kind.
    let said: Vec<Value> = notes.iter().map(|note| json!({ "id": note.id, "clase": note.content.kind })).collect();
    let line = record::Note::new(cx, actor, AuditEvent::Update, now, format!("Tarea {}: nota", task.code))
        .on("tarea", id)
        .values(None, Some(json!({ CHANGED: said })))
        .tags("update,data_change");
    let changed = vec![CHANGED.to_owned()];
    let event = crate::task::updated_event(actor, &task, changed, Vec::new(), None, None);
    record::events(cx, &mut *tx, actor, now, [event]).await?;
    record::audit(&mut *tx, [line]).await?;
    idempotency::keep(&mut *tx, actor, &notes).await?;
    tx.commit().await?;
    Ok(notes)
}
