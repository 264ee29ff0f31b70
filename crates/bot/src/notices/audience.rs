//! Who may be told of something.

use std::collections::HashMap;
use std::sync::Arc;

use app::{Actor, Context, Identity, Request, Result};
use domain::telegram::Chat;
use domain::{ChatId, OfficerId, User};

use crate::talk::Reader;
use crate::talk::job::job;

/// Chats read at once.
const PART: usize = 1000;

/// Somebody with a chat, and how that chat wants to be spoken to.
#[derive(Debug, Clone)]
pub struct Listener {
    /// Who, in which language.
    pub reader: Reader,
    /// The chat.
    pub chat: Chat,
    /// The person's name.
    pub name: String,
}

/// All verified users with a Telegram account that did not block the bot, with the rights of now.
///
/// The number of the chat with one person is that of the account (Bot API, `Chat`). Whoever has never
/// written to the bot cannot be written to; Telegram says so once, and the chat then counts as
/// blocked until something comes from it. Somebody who is locked out of signing in is told
/// nevertheless: else whoever guesses at passwords could keep an officer from hearing of a task.
pub async fn listeners(cx: &Context) -> Result<Vec<Listener>> {
    let users = app::notices::reachable_by_telegram(cx, &job()).await?;
    let mut tx = cx.store.read().await?;
    let ids: Vec<ChatId> =
        users.iter().filter_map(|(user, _)| user.telegram).map(|account| ChatId(account.0)).collect();
    let mut chats = HashMap::with_capacity(ids.len());
    for part in ids.chunks(PART) {
        chats.extend(tx.chats().by_ids(part).await?.into_iter().map(|chat| (chat.id, chat)));
    }
    let request = Arc::new(Request { id: "avisos".to_owned(), method: "BOT".to_owned(), ..Request::default() });
    let listener = |(user, officer): (User, Option<OfficerId>)| {
        let id = ChatId(user.telegram?.0);
        let chat = chats.get(&id).cloned().unwrap_or(Chat::new(id));
        let identity =
            Identity::User { id: user.id, level: user.level, telegram: user.telegram, officer, session: None };
        let actor = Actor::new(identity, Arc::clone(&request));
        let language = chat.speaks();
        let name = user.full_name();
        chat.blocked_at.is_none().then_some(Listener { reader: Reader { chat: id, language, actor }, chat, name })
    };
    Ok(users.into_iter().filter_map(listener).collect())
}
