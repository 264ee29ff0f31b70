//! What people leave with a task: words, photos, voice, files, places.

use serde::{Deserialize, Serialize};

use crate::wire::wire_enum;
use crate::{MultiLine, NoteId, Point, TaskId, Text, Time, UserId};

/// Words of a note, or those that came with a file.
pub type NoteText = MultiLine<1, 2000>;
/// Name of a file at Telegram.
pub type FileName = Text<1, 512>;

wire_enum! {
    /// What a note is (`clase`).
    pub enum NoteKind {
        /// Words.
        Text = "texto",
        /// A picture.
        Photo = "foto",
        /// A voice message.
        Voice = "voz",
        /// Any other file: a document, a video, music.
        File = "archivo",
        /// A place, in the note's words as degrees of latitude and longitude.
        Place = "ubicacion",
    }
}

/// A file that Telegram keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteFile {
    /// By which the bot that got it fetches it.
    pub id: FileName,
    /// The same for all bots, by which it is known again.
    pub unique_id: FileName,
    /// MIME type, as the sender's program said it.
    pub mime: Option<String>,
    /// How long, as Telegram said it.
    pub bytes: Option<i64>,
}

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteContent {
    /// What it is.
    pub kind: NoteKind,
    /// Its words; always there without a file.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub text: Option<NoteText>,
    /// Its file.
    pub file: Option<NoteFile>,
}

impl NoteContent {
    /// Words.
    pub const fn text(text: NoteText) -> Self {
        Self { kind: NoteKind::Text, text: Some(text), file: None }
    }

    /// A file, with the words that came with it.
    pub const fn file(kind: NoteKind, file: NoteFile, text: Option<NoteText>) -> Self {
        Self { kind, text, file: Some(file) }
    }

    /// A place.
    pub fn place(point: Point) -> Self {
        let degrees = format!("{:.6},{:.6}", point.lat(), point.lng());
        Self { kind: NoteKind::Place, text: NoteText::try_from(degrees).ok(), file: None }
    }
}

/// A note that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// With which task.
    pub task: TaskId,
    /// Who leaves it.
    pub by: UserId,
    /// What it says.
    pub content: NoteContent,
    /// When.
    pub at: Time,
}

/// One row of `notas_de_tarea`. It is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its number.
    pub id: NoteId,
    /// With which task.
    pub task: TaskId,
    /// Who left it.
    pub by: UserId,
    /// What it says.
    pub content: NoteContent,
    /// When.
    pub at: Time,
}

#[test]
fn a_place_is_written_in_degrees() {
    let note = NoteContent::place(Point::new(-34.603_7, 0.000_000_1).unwrap());
    assert_eq!(note.text.unwrap().as_str(), "-34.603700,0.000000");
}
