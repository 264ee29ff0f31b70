//! `telegram_chats`.

use async_trait::async_trait;
use domain::telegram::Chat;
use domain::{ChatId, Time, UserId};

use crate::Result;

/// Chats, and how they want to be spoken to. Whose a chat is follows from the account that the user
/// has at the moment of the look-up, so that nothing is told to somebody who was unlinked.
#[async_trait]
pub trait ChatRepo: Send {
    /// By number.
    async fn by_id(&mut self, id: ChatId) -> Result<Option<Chat>>;
    /// Of these numbers, those that are known; in no order.
    async fn by_ids(&mut self, ids: &[ChatId]) -> Result<Vec<Chat>>;
    /// Of these users, in no order.
    async fn of_users(&mut self, users: &[UserId]) -> Result<Vec<Chat>>;
    /// Keeps a chat; who holds it stays as it is, and `user` is not looked at.
    async fn put(&mut self, chat: &Chat) -> Result<()>;
    /// Notes that the person of a known chat blocked the bot; `false`, and no change, when that was
    /// noted before. Nobody else changes the chat until the end of the transaction.
    async fn note_blocked(&mut self, id: ChatId, at: Time) -> Result<bool>;
}
