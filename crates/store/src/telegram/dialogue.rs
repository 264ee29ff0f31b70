//! `telegram_dialogos`.

use async_trait::async_trait;
use domain::telegram::{Content, Dialogue};
use domain::{ChatId, TelegramId, Time};

use crate::Result;

/// Where people stand in conversations. One that has expired at `now` is as good as gone.
#[async_trait]
pub trait DialogueRepo: Send {
    /// Of an account in a chat.
    async fn get(&mut self, chat: ChatId, account: TelegramId, now: Time) -> Result<Option<Dialogue>>;
    /// Puts `state`, good until the time with it, in the place of the one of the version `read`, or
    /// where there was none; with no state, ends the dialogue. `false`, and no change, when it is no
    /// longer as it was read.
    async fn compare_and_set(
        &mut self,
        chat: ChatId,
        account: TelegramId,
        read: Option<i64>,
        state: Option<(&Content, Time)>,
        now: Time,
    ) -> Result<bool>;
    /// Removes those that expired before `before`, at most 1,000; gives how many.
    async fn prune(&mut self, before: Time) -> Result<u64>;
}
