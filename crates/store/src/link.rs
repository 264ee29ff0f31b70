//! `codigos_de_vinculo` and `intentos_de_vinculo`.

use async_trait::async_trait;
use domain::link::{IssuedCode, LinkFailures};
use domain::{ChatId, TelegramId, Time};

use crate::Result;

/// Codes by which Telegram accounts are linked. `app::telegram::link` makes the link with them.
#[async_trait]
pub trait LinkCodeRepo: Send {
    /// Keeps a code. Unused ones of its user are gone with it. Whoever does so has the user locked.
    async fn issue(&mut self, code: &IssuedCode) -> Result<()>;
    /// A code, good, used or expired.
    async fn by_hash(&mut self, hash: &[u8; 32]) -> Result<Option<IssuedCode>>;
    /// Uses a code that is unused and not expired at `now`, and gives it; `None` when there is no such
    /// code. Of several who come at once with one code exactly one gets it.
    async fn redeem(&mut self, hash: &[u8; 32], account: TelegramId, now: Time) -> Result<Option<IssuedCode>>;
    /// Counts a wrong code of a chat.
    async fn note_failure(&mut self, chat: ChatId, at: Time) -> Result<()>;
    /// Wrong codes since `since`.
    async fn failures(&mut self, chat: ChatId, since: Time) -> Result<LinkFailures>;
    /// Removes codes that expired, and wrong ones that came, before `before`, at most 1,000 of each;
    /// gives how many.
    async fn prune(&mut self, before: Time) -> Result<u64>;
}
