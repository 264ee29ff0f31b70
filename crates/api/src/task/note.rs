//! `/tasks/{task_id}/notas`.

use app::{Context, Error};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::note::{Note, NoteContent, NoteKind, NoteText};
use domain::{NoteId, TaskId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::extract::{Authenticated, Id, Json, NextPage, Pair, Query, WithBody, next_page};
use crate::field;
use crate::problem::Problem;
use crate::schema::ClaseNota;

/// What somebody left with a task.
#[derive(Serialize, ToSchema)]
pub struct NoteOut {
    /// Its number.
    id: i64,
    /// What it is.
    #[schema(value_type = ClaseNota)]
    clase: NoteKind,
    /// Its words, or those that came with its file; of a place `latitude,longitude` in degrees.
    texto: Option<String>,
    /// Who left it.
    usuario_id: i64,
    /// Type of its file, as the sender's program said it; `null` without a file, or when not said.
    mime: Option<String>,
    /// Bytes of its file, as Telegram said it; `null` without a file, or when not said.
    bytes: Option<i64>,
    /// When.
    created_at: DateTime<Utc>,
}

impl From<Note> for NoteOut {
    fn from(note: Note) -> Self {
        let (mime, bytes) = note.content.file.map_or((None, None), |file| (file.mime, file.bytes));
        Self {
            id: note.id.0,
            clase: note.content.kind,
            texto: note.content.text.map(NoteText::into_string),
            usuario_id: note.by.0,
            mime,
            bytes,
            created_at: note.at,
        }
    }
}

/// Which notes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NotesQuery {
    /// Most notes, 1 to 500: the newest.
    #[serde(default = "most", deserialize_with = "field::bounded::<_, u32, 1, 500>")]
    #[param(default = 100, minimum = 1, maximum = 500)]
    limit: u32,
    /// Those before the note of this number; the first number of an answer gives the ones before it.
    antes_de: Option<i64>,
}

const fn most() -> u32 {
    100
}

/// What was left with a task, newest last.
#[utoipa::path(get, path = "/api/v1/tasks/{task_id}/notas", tag = "tasks", security(("bearer" = [])),
    operation_id = "task_notes", params(("task_id" = i64, Path), NotesQuery),
    responses((status = 200, body = Vec<NoteOut>,
        headers(("X-Next-Cursor" = i64, description = "The `antes_de` of the notes before these, if there may be some."))), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Pair(Id(id), Query(query)): Pair<Id, Query<NotesQuery>>,
) -> Result<(NextPage, Json<Vec<NoteOut>>)> {
    let notes = app::note::list(&cx, &actor, TaskId(id), query.antes_de.map(NoteId), query.limit).await?;
    let is_full = notes.len() >= query.limit as usize;
    let next = next_page(is_full, notes.first().map(|oldest| oldest.id.0));
    Ok((next, Json(notes.into_iter().map(NoteOut::from).collect())))
}

/// A note in words; files come over Telegram.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"texto": "El portón norte no cierra"}))]
pub struct NoteIn {
    /// 1 to 2000 characters.
    #[schema(value_type = String, min_length = 1, max_length = 2000)]
    texto: NoteText,
}

/// Leaves a note with a task.
#[utoipa::path(post, path = "/api/v1/tasks/{task_id}/notas", tag = "tasks", security(("bearer" = [])),
    operation_id = "task_note_add", request_body = NoteIn,
    params(("task_id" = i64, Path)),
    responses((status = 200, body = NoteOut), (status = "4XX", body = Problem)))]
pub async fn add(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Id(id), Json(body)): WithBody<Id, Json<NoteIn>>,
) -> Result<Json<NoteOut>> {
    let notes = app::note::add(&cx, &actor, TaskId(id), vec![NoteContent::text(body.texto)]).await?;
    let note = notes.into_iter().next().ok_or_else(|| Error::Internal("a note was added and is not there".into()))?;
    Ok(Json(note.into()))
}
