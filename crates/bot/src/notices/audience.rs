//! Who may be told of something.

use std::collections::HashMap;
use std::sync::Arc;

use app::{Actor, Context, Identity, Request, Result};
use domain::telegram::Chat;
use domain::{ChatId, OfficerId, User, UserId};
use store::Page;
use store::officer::OfficerFilter;

use crate::talk::Reader;

/// Rows read at once.
const PART: u32 = 1000;

/// Somebody with a chat, and how that chat wants to be spoken to.
#[derive(Debug, Clone)]
pub struct Listener {
    /// Who, in which language.
    pub reader: Reader,
    /// The chat.
    pub chat: Chat,
}

/// All verified users with a Telegram account that did not block the bot, with the rights of now.
///
/// The number of the chat with one person is that of the account (Bot API, `Chat`). Whoever has never
/// written to the bot cannot be written to; Telegram says so once, and the chat then counts as
/// blocked until something comes from it. Somebody who is locked out of signing in is told
/// nevertheless: else whoever guesses at passwords could keep an officer from hearing of a task.
pub async fn listeners(cx: &Context) -> Result<Vec<Listener>> {
    let mut tx = cx.store.read().await?;
    let mut users = Vec::new();
    let mut page = Page { skip: 0, limit: PART, after: None, descending: false };
    loop {
        let part = tx.users().list(page).await?;
        let is_end = part.len() < PART as usize;
        page.skip += PART;
        users.extend(part.into_iter().filter(|user| user.is_active() && user.telegram.is_some()));
        if is_end {
            break;
        }
    }
    let mut officers: HashMap<UserId, OfficerId> = HashMap::new();
    page.skip = 0;
    loop {
        let part = tx.officers().list(&OfficerFilter::default(), page).await?;
        let is_end = part.len() < PART as usize;
        page.skip += PART;
        officers.extend(part.into_iter().map(|officer| (officer.user, officer.id)));
        if is_end {
            break;
        }
    }
    let ids: Vec<ChatId> = users.iter().filter_map(|user| user.telegram).map(|account| ChatId(account.0)).collect();
    let mut chats = HashMap::with_capacity(ids.len());
    for part in ids.chunks(PART as usize) {
        chats.extend(tx.chats().by_ids(part).await?.into_iter().map(|chat| (chat.id, chat)));
    }
    let request = Arc::new(Request { id: "avisos".to_owned(), method: "BOT".to_owned(), ..Request::default() });
    let listener = |user: User| {
        let id = ChatId(user.telegram?.0);
        let chat = chats.get(&id).cloned().unwrap_or(Chat::new(id));
        let officer = officers.get(&user.id).copied();
        let identity =
            Identity::User { id: user.id, level: user.level, telegram: user.telegram, officer, session: None };
        let actor = Actor { identity, request: Arc::clone(&request) };
        let language = chat.speaks();
        chat.blocked_at.is_none().then_some(Listener { reader: Reader { chat: id, language, actor }, chat })
    };
    Ok(users.into_iter().filter_map(listener).collect())
}
