//! One update: read what is kept of the chat, have it answered, keep what came of it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use app::Result;
use domain::telegram::{Chat, Dialogue as Kept, Update as Received};
use futures::FutureExt;
use store::telegram::Hold;

use super::chat::Turn;
use super::{fault, keep};
use crate::Bot;
use crate::model::{Answer, ChatState, Content, Update};
use crate::talk::{self, Dialogue};

/// Longest work on an update; it ends before the hold of its chat does.
const LIMIT: Duration = Duration::from_secs(7);

/// An update, and what was kept of its chat and sender before it is worked.
pub struct Work {
    /// As it stands in the inbox.
    pub received: Received,
    /// As it is understood.
    pub update: Update,
    /// The chat.
    pub chat: Chat,
    /// Where the conversation stands.
    pub dialogue: Option<Kept>,
}

/// Works the next update of a held chat.
///
/// # Errors
/// When the record does not answer. What is wrong with the update itself is dealt with here.
pub async fn work_next(bot: &Bot, hold: Hold) -> Result<Turn> {
    let Some(work) = read(bot, hold).await? else { return Ok(Turn::Nothing) };
    match answer(bot, &work).await {
        Ok(answer) => match keep::answer(bot, hold, &work, answer).await {
            Err(error) => fault::deal_with(bot, hold, &work, error).await,
            kept => kept,
        },
        Err(error) => fault::deal_with(bot, hold, &work, error).await,
    }
}

async fn read(bot: &Bot, hold: Hold) -> Result<Option<Work>> {
    let now = bot.cx.clock.now();
    let mut tx = bot.cx.store.read().await?;
    let Some(received) = tx.inbox().next(hold, now).await? else { return Ok(None) };
    let update = Update::read(&received.content.0).unwrap_or(Update { id: received.id.0, content: Content::Unknown });
    let chat = tx.chats().by_id(hold.chat).await?.unwrap_or_else(|| Chat::new(hold.chat));
    let dialogue = match update.sender() {
        Some(sender) => tx.dialogues().get(hold.chat, sender.id, now).await?,
        None => None,
    };
    Ok(Some(Work { received, update, chat, dialogue }))
}

async fn answer(bot: &Bot, work: &Work) -> Result<Answer> {
    let state = ChatState { chat: work.chat.id, language: work.chat.speaks() };
    // One that an older program kept and that is no longer understood is as good as none.
    let dialogue =
        work.dialogue.as_ref().and_then(|kept| serde_json::from_value::<Dialogue>(kept.state.0.clone()).ok());
    let answered = AssertUnwindSafe(talk::answer(&bot.cx, &state, &work.update, dialogue)).catch_unwind();
    match tokio::time::timeout(LIMIT, answered).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(app::Error::Internal("the conversation panicked".into())),
        Err(_) => Err(app::Error::Internal(format!("not answered within {LIMIT:?}").into())),
    }
}
