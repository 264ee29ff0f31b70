//! Where a conversation stands.

use domain::note::NoteContent;
use domain::{TaskCode, TaskId};
use serde::{Deserialize, Serialize};

use super::create::Wizard;

/// What the bot waits for.
///
/// Stored as JSON: a change keeps to the rules of [`domain::stored`]. A replica that does not know a
/// variant drops the dialogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "dialogo", rename_all = "snake_case")]
pub enum Dialogue {
    /// Waits for the code that links an account.
    Linking,
    /// A task is being made, step by step.
    Create {
        /// How far it has come.
        asistente: Wizard,
    },
    /// Waits for a yes or a no to the end of a task.
    Finish {
        /// Which.
        codigo: TaskCode,
        /// Whether it waits for the note that goes with it.
        nota: bool,
    },
    /// Waits for the reason for which an officer does not go.
    Decline {
        /// Which task.
        tarea: TaskId,
    },
    /// Waits for what is to be left with a task.
    Note {
        /// Which task.
        tarea: TaskId,
        /// Of an album whose first part has come: only its other parts are waited for.
        album: Option<String>,
    },
    /// Waits for the task with which something is to be left.
    NoteFor {
        /// What was sent.
        notas: Vec<NoteContent>,
        /// The album to which the last of it belongs.
        album: Option<String>,
    },
    /// Waits for words to look for.
    Search,
    /// Waits for the place of an emergency.
    Emergency {
        /// What happens, when it was said.
        descripcion: Option<String>,
        /// What was talked of before, and goes on after.
        antes: Option<Box<Dialogue>>,
    },
    /// Waits for the place around which officers are looked for.
    Near,
}

impl Dialogue {
    /// Its name in figures.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Linking => "vincular",
            Self::Create { .. } => "crear",
            Self::Finish { .. } => "finalizar",
            Self::Decline { .. } => "rechazar",
            Self::Note { .. } | Self::NoteFor { .. } => "nota",
            Self::Search => "buscar",
            Self::Emergency { .. } => "emergencia",
            Self::Near => "cerca",
        }
    }

    /// Whether a no to what was asked ends it.
    pub const fn ends_with_no(&self) -> bool {
        matches!(self, Self::Finish { .. } | Self::Decline { .. } | Self::Note { .. } | Self::NoteFor { .. })
    }

    /// The step at which it stands, in figures.
    pub const fn step(&self) -> &'static str {
        match self {
            Self::Create { asistente } => asistente.step.name(),
            Self::Finish { nota: false, .. } => "confirming",
            Self::Finish { nota: true, .. } => "entering_notes",
            Self::Decline { .. } => "entering_reason",
            Self::Note { .. } => "sending_note",
            Self::NoteFor { .. } => "choosing_task",
            Self::Linking => "entering_code",
            Self::Search => "entering_words",
            Self::Emergency { .. } | Self::Near => "sharing_location",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What each released version stored, a line each; a release adds lines, and none is ever changed.
    const SAMPLES: &str = include_str!("dialogue_samples.jsonl");

    #[test]
    fn dialogues_of_every_released_version_are_read() {
        let mut names = BTreeSet::new();
        for line in SAMPLES.lines() {
            let dialogue: Dialogue = domain::stored::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            let stored = domain::stored::to_value(&dialogue).unwrap();
            assert_eq!(stored["v"], 1);
            names.insert(dialogue.name());
            assert_eq!(domain::stored::from_value(stored), Ok(dialogue));
        }
        let all = ["vincular", "crear", "finalizar", "rechazar", "nota", "buscar", "emergencia", "cerca"];
        assert_eq!(names, BTreeSet::from(all));
    }
}
