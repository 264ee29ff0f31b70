//! Photos, voices, files and words that are kept with a task.

use app::Result;
use domain::TaskId;

use super::turn::Turn;
use crate::model::Attachment;

/// Keeps a file with the task that is waited for, or with the one that is begun.
pub async fn keep(turn: &mut Turn<'_>, _file: &Attachment) -> Result<()> {
    turn.tell("attachment-where");
    Ok(())
}

/// Keeps words with a task.
pub async fn text(turn: &mut Turn<'_>, _task: TaskId, _text: &str) -> Result<()> {
    turn.tell("attachment-where");
    Ok(())
}
