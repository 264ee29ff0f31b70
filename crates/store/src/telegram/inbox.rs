//! `telegram_actualizaciones`.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::telegram::Update;
use domain::{ChatId, Time, UpdateId};
use uuid::Uuid;

use crate::Result;

/// Longest pause before an update, or a message that is urgent or was tried, is tried again: a time
/// further ahead was written by a wrong clock, and counts as past.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(2);

/// A chat whose updates one process works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Which chat.
    pub chat: ChatId,
    /// Which process.
    pub holder: Uuid,
}

/// How much is to be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InboxBacklog {
    /// Updates that are neither worked nor set aside.
    pub waiting: u64,
    /// When the oldest of these came.
    pub oldest: Option<Time>,
    /// Updates that were set aside and are still kept.
    pub set_aside: u64,
}

/// Updates of Telegram. Those of one chat are worked in the order of their numbers, by one process at
/// a time: one that is put off holds back those behind it.
///
/// A hold that has expired is one as long as nobody else has taken the chat. Whatever takes a hold
/// gives `false` or `None` when somebody has, and then changes nothing; when it does change
/// something, nobody takes the chat until the end of the transaction.
#[async_trait]
pub trait InboxRepo: Send {
    /// Keeps updates; gives how many of them were new. `attempts` is not looked at.
    async fn receive(&mut self, updates: &[Update]) -> Result<u64>;
    /// Takes, for the time `lasts`, the chat that nobody holds whose next update has waited longest and
    /// is due at `now`. How long a hold lasts is reckoned as for leases ([`crate::lease::LeaseRepo`]).
    async fn take_chat(&mut self, holder: Uuid, now: Time, lasts: TimeDelta) -> Result<Option<ChatId>>;
    /// The next update of a held chat; `None` when there is none or it is not due at `now`. One that was
    /// not tried is due; one that was is due again after [`LONGEST_PAUSE`] at the latest.
    async fn next(&mut self, hold: Hold, now: Time) -> Result<Option<Update>>;
    /// Marks an update as worked; `false` also when it was worked or set aside before.
    async fn finish(&mut self, hold: Hold, update: UpdateId, at: Time) -> Result<bool>;
    /// Counts a try in vain, and puts the next off until `not_before`.
    async fn postpone(&mut self, hold: Hold, update: UpdateId, not_before: Time) -> Result<bool>;
    /// Gives an update up.
    async fn set_aside(&mut self, hold: Hold, update: UpdateId, at: Time) -> Result<bool>;
    /// Holds a chat for the time `lasts` from now on.
    async fn extend(&mut self, hold: Hold, now: Time, lasts: TimeDelta) -> Result<bool>;
    /// Leaves a chat to others.
    async fn release(&mut self, hold: Hold) -> Result<()>;
    /// What there is to do.
    async fn backlog(&mut self) -> Result<InboxBacklog>;
    /// The highest number that ever came and is still kept.
    async fn last(&mut self) -> Result<Option<UpdateId>>;
    /// Removes updates worked or set aside before `before`, at most `limit`; gives how many. The one
    /// of the highest number stays.
    async fn prune(&mut self, before: Time, limit: u32) -> Result<u64>;
}
