//! `notas_de_tarea`.

use async_trait::async_trait;
use domain::note::{NewNote, Note};
use domain::{NoteId, TaskId};

use crate::Result;

/// What people left with tasks.
#[async_trait]
pub trait NoteRepo: Send {
    /// Keeps one.
    ///
    /// # Errors
    /// A conflict with [`crate::Rule::UnknownTask`] or [`crate::Rule::UnknownUser`].
    async fn add(&mut self, note: &NewNote) -> Result<Note>;
    /// The newest of a task, at most `limit`, below the number `before` where one is given; newest last.
    async fn of_task(&mut self, task: TaskId, before: Option<NoteId>, limit: u32) -> Result<Vec<Note>>;
    /// By number.
    async fn by_id(&mut self, id: NoteId) -> Result<Option<Note>>;
}
