//! What is said: each update is worked to an [`Answer`]. Nothing here speaks to Telegram.

mod dialogue;

pub use dialogue::Dialogue;

use crate::model::{Answer, ChatState, Update};

/// How long a dialogue stays open without a word.
pub const DIALOGUE_TTL: chrono::TimeDelta = chrono::TimeDelta::minutes(30);

/// Works one update: what is to be changed is changed by use cases that may be repeated for the
/// same update; what is to be said and kept is given back.
///
/// `dialogue` is what was kept of the chat and its sender, unless it has expired. What a person did
/// wrong or may not do is an answer like any other.
/// # Errors
/// Only what another try may mend, or a defect: `Unavailable`, `StorageFull`, `Internal`.
pub async fn answer(
    cx: &app::Context,
    chat: &ChatState,
    update: &Update,
    dialogue: Option<Dialogue>,
) -> app::Result<Answer> {
    let _ = (cx, chat, update, dialogue);
    Ok(Answer::default())
}
