//! `notas_de_tarea`.

use async_trait::async_trait;
use domain::note::{NewNote, Note, NoteContent, NoteFile};
use domain::{NoteId, TaskId, UserId};
use sqlx::postgres::PgRow;
use store::Result;
use store::note::NoteRepo;

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

macro_rules! columns {
    () => {
        "id, tarea_id, usuario_id, clase, texto, telegram_file_id, telegram_file_unique_id, mime, bytes, created_at"
    };
}

fn note(row: &PgRow) -> Result<Note> {
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
        at: fields.get("created_at")?,
    })
}

#[async_trait]
impl NoteRepo for PgTx {
    async fn add(&mut self, new: &NewNote) -> Result<Note> {
        const SQL: &str = concat!(
            "INSERT INTO notas_de_tarea (tarea_id, usuario_id, clase, texto, telegram_file_id, \
             telegram_file_unique_id, mime, bytes, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ",
            columns!()
        );
        let (content, file) = (&new.content, new.content.file.as_ref());
        let statement = sql(SQL)
            .bind(new.task.0)
            .bind(new.by.0)
            .bind(content.kind.as_str())
            .bind(content.text.as_ref().map(|text| text.as_str().to_owned()))
            .bind(file.map(|file| file.id.as_str().to_owned()))
            .bind(file.map(|file| file.unique_id.as_str().to_owned()))
            .bind(file.and_then(|file| file.mime.clone()))
            .bind(file.and_then(|file| file.bytes))
            .bind(new.at);
        note(&self.only(statement).await?)
    }

    async fn of_task(&mut self, task: TaskId, before: Option<NoteId>, limit: u32) -> Result<Vec<Note>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM notas_de_tarea WHERE tarea_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
        );
        let before = before.map_or(i64::MAX, |id| id.0);
        let statement = sql(SQL).bind(task.0).bind(before).bind(i64::from(limit));
        self.all(statement).await?.iter().rev().map(note).collect()
    }

    async fn by_id(&mut self, id: NoteId) -> Result<Option<Note>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM notas_de_tarea WHERE id = $1");
        self.first(sql(SQL).bind(id.0)).await?.as_ref().map(note).transpose()
    }
}
