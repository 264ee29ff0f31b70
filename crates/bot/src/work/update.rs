//! One update: read what is kept of the chat, have it answered, keep what came of it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use app::Result;
use domain::telegram::{Chat, Dialogue as Kept, Update as Received};
use futures::FutureExt;
use store::UnreadableIn;
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
    /// Where the conversation stands, as it is stored.
    pub dialogue: Option<Kept>,
    /// The same; `None` when this program cannot read it. Then it is dropped.
    pub open: Option<Dialogue>,
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
    let open = dialogue.as_ref().and_then(open);
    Ok(Some(Work { received, update, chat, dialogue, open }))
}

fn open(stored: &Kept) -> Option<Dialogue> {
    let read = domain::stored::from_value(stored.state.0.clone());
    if let Err(reason) = &read {
        UnreadableIn::Dialogues.counter().increment(1);
        let table = UnreadableIn::Dialogues.name();
        tracing::warn!(code = "stored.unreadable", table, %reason, "a stored dialogue was dropped");
    }
    read.ok()
}

async fn answer(bot: &Bot, work: &Work) -> Result<Answer> {
    let state = ChatState { chat: work.chat.id, language: work.chat.speaks() };
    let answered = AssertUnwindSafe(talk::answer(&bot.cx, &state, &work.update, work.open.clone())).catch_unwind();
    match tokio::time::timeout(LIMIT, answered).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(app::Error::Internal("the conversation panicked".into())),
        Err(_) => Err(app::Error::Internal(format!("not answered within {LIMIT:?}").into())),
    }
}
