//! `telegram_mensajes` and `telegram_tarjetas`.

use async_trait::async_trait;
use domain::telegram::{NewMessage, Outgoing, Urgency};
use domain::{AssignmentId, ChatId, MessageId, OutgoingId, Time};
use uuid::Uuid;

use crate::Result;

/// How much is to be told, of one urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueFigures {
    /// Of which.
    pub urgency: Urgency,
    /// How many wait, due or not.
    pub waiting: u64,
    /// When the oldest of these was made that is due or was tried in vain; `None` when none is.
    pub oldest_due: Option<Time>,
}

/// How many messages were given up at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GivenUp {
    /// All of them.
    pub all: u64,
    /// Those that were emergencies.
    pub emergencies: u64,
}

/// Tries in vain up to which an emergency holds back the emergencies behind it in its chat: one that
/// Telegram will not take is tried for as long as it takes, and must not hide those that it would take.
pub const EMERGENCY_HOLDS_BACK: u32 = 3;
/// The same for less urgent messages.
pub const HOLDS_BACK: u32 = 8;

/// What a sender does not want to see: what it could not send yet would hide what it can.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Chats to which nothing goes at present but answers to pressed buttons.
    pub chats: Vec<ChatId>,
    /// Chats to which no notice goes.
    pub notices: Vec<ChatId>,
}

/// Messages to Telegram.
#[async_trait]
pub trait MessageRepo: Send {
    /// Keeps messages; gives how many. Those whose unique key is known are left out.
    async fn push(&mut self, messages: &[NewMessage]) -> Result<u64>;
    /// Messages due at `now`: the most urgent first, then the oldest, at most `limit`, none that `left`
    /// leaves out. A message that was tried in vain a few times ([`HOLDS_BACK`]) and is not due
    /// again, which it is after [`super::LONGEST_PAUSE`] at the latest, holds back those of its urgency behind it in its chat. `None` when `holder` has not the lease
    /// [`domain::lease::LeaseName::TelegramSending`] at `now`.
    async fn due(&mut self, holder: Uuid, now: Time, left: &LeftOut, limit: u32) -> Result<Option<Vec<Outgoing>>>;
    /// Marks a message as sent. What it became stands from now on in its slot and in no other of the
    /// chat, and older messages that wait for that slot are given up as `outdone`. `false` when it was
    /// sent or had failed before. Not held to the lease: whoever has sent it, it is sent.
    async fn sent(&mut self, id: OutgoingId, message: Option<MessageId>, at: Time) -> Result<bool>;
    /// Counts a try in vain, and puts the next off until `not_before`; `false` as for `sent`.
    async fn defer(&mut self, id: OutgoingId, not_before: Time) -> Result<bool>;
    /// Notices of a chat that were to come after `now`, and were not tried yet, come at `until` instead;
    /// gives how many.
    async fn put_off(&mut self, chat: ChatId, now: Time, until: Time) -> Result<u64>;
    /// Gives a message up; `false` as for `sent`.
    async fn fail(&mut self, id: OutgoingId, reason: &str, at: Time) -> Result<bool>;
    /// Gives up what waits for a chat and is as urgent as `from`, or less.
    async fn fail_chat(&mut self, chat: ChatId, from: Urgency, reason: &str, at: Time) -> Result<GivenUp>;
    /// The message that stands in a slot of a chat.
    async fn card(&mut self, chat: ChatId, slot: &str) -> Result<Option<MessageId>>;
    /// Forgets what stands in a slot, as when it can no longer be edited.
    async fn forget_card(&mut self, chat: ChatId, slot: &str) -> Result<()>;
    /// The assignments of which messages notify that were sent, of those with the numbers `ids`.
    async fn delivered(&mut self, ids: &[OutgoingId]) -> Result<Vec<AssignmentId>>;
    /// Whether a message notifies of an assignment that was sent or waits to be.
    async fn notifies_of(&mut self, assignment: AssignmentId) -> Result<bool>;
    /// Assignments and offers without an answer whose message was sent and that have no step
    /// `avisada`, each with the time at which the first was sent; by number, at most `limit`.
    async fn unrecorded_deliveries(&mut self, limit: u32) -> Result<Vec<(AssignmentId, Time)>>;
    /// What waits, by urgency, all three of them, the most urgent first.
    async fn figures(&mut self, now: Time) -> Result<Vec<QueueFigures>>;
    /// Removes messages sent or failed before `before`, and the slots last sent to before it, at most
    /// `limit` of each; gives how many.
    async fn prune(&mut self, before: Time, limit: u32) -> Result<u64>;
}
