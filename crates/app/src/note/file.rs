//! The file of a note, which is fetched from where it is kept only when somebody asks for it.

use std::time::Duration;

use async_trait::async_trait;
use domain::note::{Note, NoteFile};
use domain::{NoteId, TaskId};

use super::read::by_id;
use crate::{Actor, Context, Error, Kind, Result};

/// Largest file that is fetched, in bytes: Telegram gives bots no larger one.
pub const LARGEST: usize = 20 * 1024 * 1024;
/// When another try is worth it where nobody says so.
const AWHILE: Duration = Duration::from_secs(60);

/// Fetches files from where they are kept.
#[async_trait]
pub trait Files: Send + Sync {
    /// The content of a file, at most [`LARGEST`] bytes, within the time of the request.
    async fn fetch(&self, file: &NoteFile) -> Result<Vec<u8>, FetchError>;
}

/// Why a file was not fetched. Holds no address: the key to all files stands in each of them.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It is no longer there, or too large.
    #[error("the file is gone, or too large")]
    Gone,
    /// Whoever keeps it does not answer.
    #[error("files cannot be fetched")]
    Away {
        /// When it may be worth another try.
        retry_after: Duration,
        /// What went wrong.
        #[source]
        source: store::BoxError,
    },
}

/// A note and the content of its file. `files` is `None` in an office that has no bot now.
///
/// # Errors
/// `NotFound` when the note has no file, or it is gone; `Unavailable` while it cannot be fetched.
pub async fn file(
    cx: &Context,
    actor: &Actor,
    files: Option<&dyn Files>,
    id: TaskId,
    note: NoteId,
) -> Result<(Note, Vec<u8>)> {
    let note = by_id(cx, actor, id, note).await?;
    let gone = || Error::not_found(Kind::NoteFile, note.id);
    let file = note.content.file.as_ref().ok_or_else(gone)?;
    let Some(files) = files else {
        return Err(Error::Unavailable { retry_after: AWHILE, source: "this office has no bot now".into() });
    };
    match files.fetch(file).await {
        Ok(content) => Ok((note, content)),
        Err(FetchError::Gone) => Err(gone()),
        Err(FetchError::Away { retry_after, source }) => Err(Error::Unavailable { retry_after, source }),
    }
}
