//! `notas_de_tarea`.

use async_trait::async_trait;
use domain::note::{NewNote, Note, NoteContent, NoteFile};
use domain::{NoteId, TaskId, UserId};
use sqlx::sqlite::SqliteRow;
use store::note::NoteRepo;
use store::{Error, Result, Rule};

use crate::row::{Fields, micros};
use crate::tx::SqliteTx;

macro_rules! columns {
    () => {
        "tarea_id, usuario_id, clase, texto, telegram_file_id, telegram_file_unique_id, mime, bytes, created_at"
    };
}

fn note(row: &SqliteRow) -> Result<Note> {
    let fields = Fields::of("notas_de_tarea", row);
    let file = match fields.maybe_text("telegram_file_id")? {
        Some(id) => Some(NoteFile {
            id,
            unique_id: fields.text("telegram_file_unique_id")?,
            mime: fields.get("mime")?,
            bytes: fields.get("bytes")?,
        }),
        None => None,
    };
    Ok(Note {
        id: NoteId(fields.get("id")?),
        task: TaskId(fields.get("tarea_id")?),
        by: UserId(fields.get("usuario_id")?),
        content: NoteContent { kind: fields.word("clase")?, text: fields.maybe_text("texto")?, file },
        at: fields.time("created_at")?,
    })
}

#[async_trait]
impl NoteRepo for SqliteTx {
    async fn add(&mut self, new: &NewNote) -> Result<Note> {
        let (content, file) = (&new.content, new.content.file.as_ref());
        let statement =
            sqlx::query(concat!("INSERT INTO notas_de_tarea (", columns!(), ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"))
                .bind(new.task.0)
                .bind(new.by.0)
                .bind(content.kind.as_str())
                .bind(content.text.as_ref().map(|text| text.as_str()))
                .bind(file.map(|file| file.id.as_str()))
                .bind(file.map(|file| file.unique_id.as_str()))
                .bind(file.and_then(|file| file.mime.as_deref()))
                .bind(file.and_then(|file| file.bytes))
                .bind(micros(new.at));
        match self.run_naming(statement, Rule::UnknownTask).await {
            Ok(done) => Ok(Note {
                id: NoteId(done.last_insert_rowid()),
                task: new.task,
                by: new.by,
                content: content.clone(),
                at: new.at,
            }),
            // SQLite does not tell which of the two is missing.
            Err(Error::Conflict(Rule::UnknownTask)) => {
                let task = sqlx::query("SELECT 1 FROM tareas WHERE id = ?").bind(new.task.0);
                let known = self.first(task).await?.is_some();
                Err(Error::Conflict(if known { Rule::UnknownUser } else { Rule::UnknownTask }))
            }
            Err(error) => Err(error),
        }
    }

    async fn of_task(&mut self, task: TaskId, before: Option<NoteId>, limit: u32) -> Result<Vec<Note>> {
        let statement = sqlx::query(concat!(
            "SELECT id, ",
            columns!(),
            " FROM notas_de_tarea WHERE tarea_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3"
        ))
        .bind(task.0)
        .bind(before.map_or(i64::MAX, |id| id.0))
        .bind(limit);
        self.rows(statement).await?.iter().rev().map(note).collect()
    }

    async fn by_id(&mut self, id: NoteId) -> Result<Option<Note>> {
        let statement = sqlx::query(concat!("SELECT id, ", columns!(), " FROM notas_de_tarea WHERE id = ?"));
        self.first(statement.bind(id.0)).await?.as_ref().map(note).transpose()
    }
}
