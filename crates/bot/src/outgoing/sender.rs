//! The one sender of the cluster.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use app::Result;
use domain::OutgoingId;
use resilience::CancellationToken;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;

use super::budget::Budget;
use super::call::Call;
use super::choice::choose;
use super::fate::{Case, Fate, MOST_TRIES, fate};
use super::outcome::{self, LostMessage, Outcome};
use crate::Bot;
use crate::client::Failure;
use crate::model::{ChatId, MessageId, Method, Outgoing};

/// Calls at once: thirty a second, were each answered only after a second.
const PLACES: usize = 32;
/// Messages looked at at once. More than [`PLACES`], so that those under way hide nothing.
const MOST: u32 = 96;
/// Between two looks when nobody says that there is something: other replicas write too.
const LOOK: Duration = Duration::from_millis(500);
/// Answers that come within this are written together.
const GATHER: Duration = Duration::from_millis(8);
/// Pause after the record did not answer.
const PAUSE: Duration = Duration::from_millis(500);
/// Longest wait at the end for what is under way.
const DRAIN: Duration = Duration::from_secs(4);
/// An answer to a pressed button that has to wait longer is no longer waited for.
const BUTTON: Duration = Duration::from_secs(15);
/// Pause before a message is looked at again that another program may know how to send.
const UNKNOWN: Duration = Duration::from_secs(60);

/// Sends what waits until told to stop, or until another replica has the lease. What is under way
/// then gets its end, and what came of it is written.
pub async fn send(bot: &Bot, held: &CancellationToken) {
    let mut sender = Sender::taken_over(bot);
    while !held.is_cancelled() {
        let wake = match sender.turn().await {
            Ok(Some(wake)) => wake,
            Ok(None) => break,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "no messages sent: the record does not answer"
                );
                sender.rests_until(Instant::now() + PAUSE)
            }
        };
        tokio::select! {
            biased;
            () = held.cancelled() => break,
            Some(ended) = sender.calls.join_next_with_id() => {
                sender.ended(ended);
                sender.gather(held).await;
            }
            () = bot.written.notified() => {}
            () = tokio::time::sleep_until(wake) => {}
        }
    }
    sender.finish().await;
}

/// What Telegram said, and when.
struct Answer {
    said: Result<Option<MessageId>, Failure>,
    at: Instant,
}

/// Logs that a message was not taken and is tried again. The number of a person's chat is that of the
/// account, which no log holds; `telegram_mensajes` has it under the number of the message.
fn log_again(call: &Call, description: &str) {
    let chat = if call.chat.0 < 0 { call.chat.to_string() } else { "of a person".to_owned() };
    let (message, method, tries) = (call.id.0, call.method.as_str(), call.tries + 1);
    tracing::warn!(code = "telegram.refused", message, method, chat, description, tries, "not sent, and tried again");
}

struct Sender<'a> {
    bot: &'a Bot,
    budget: Budget,
    calls: JoinSet<Answer>,
    under_way: HashMap<Id, Call>,
    /// What came of messages and is not written yet.
    outcomes: Vec<Outcome>,
    /// Messages that are not to be tried before, whatever the budget says.
    put_off: HashMap<OutgoingId, Instant>,
    /// Edits of messages that are gone.
    gone: HashSet<OutgoingId>,
    /// Messages to topics that take nothing.
    without_topic: HashSet<OutgoingId>,
    /// Groups that have another number than the record knows.
    moved: HashMap<ChatId, ChatId>,
    /// Nothing is begun before.
    rests: Instant,
}

impl<'a> Sender<'a> {
    fn taken_over(bot: &'a Bot) -> Self {
        let now = Instant::now();
        Self {
            bot,
            budget: Budget::taken_over(now),
            calls: JoinSet::new(),
            under_way: HashMap::new(),
            outcomes: Vec::new(),
            put_off: HashMap::new(),
            gone: HashSet::new(),
            without_topic: HashSet::new(),
            moved: HashMap::new(),
            rests: now,
        }
    }

    fn rests_until(&mut self, until: Instant) -> Instant {
        self.rests = self.rests.max(until);
        self.rests
    }

    /// Writes what came of calls and begins those that may; gives when to look again, or `None` when
    /// another replica has taken over.
    async fn turn(&mut self) -> Result<Option<Instant>> {
        let now = Instant::now();
        if now < self.rests {
            return Ok(Some(self.rests));
        }
        // First: what is written is not read again.
        self.write().await?;
        self.put_off.retain(|_, until| *until > now);
        self.budget.forget(now);
        let (left, opens) = self.budget.left_out(now);
        let cx = &self.bot.cx;
        let due = cx.store.read().await?.messages().due(self.bot.me, cx.clock.now(), &left, MOST).await?;
        let Some(due) = due else { return Ok(None) };
        let mut ready = HashMap::with_capacity(due.len());
        let mut waiting = Vec::with_capacity(due.len());
        let under_way: HashSet<OutgoingId> = self.under_way.values().map(|call| call.id).collect();
        for kept in due {
            let (id, tries) = (kept.id, kept.attempts);
            let (chat, urgency, method) = (kept.message.chat, kept.message.urgency, kept.message.method.clone());
            if under_way.contains(&id) || self.put_off.contains_key(&id) {
                continue;
            }
            match Call::of(kept) {
                Some((call, said)) => {
                    waiting.push(call.waiting());
                    ready.insert(id.0, (call, said));
                }
                // While replicas are renewed one after the other, the next sender knows it.
                None if tries < MOST_TRIES => self.outcomes.push(Outcome::Later(id, UNKNOWN)),
                None => {
                    let description = "this program does not know the message".to_owned();
                    let lost = LostMessage { id, chat, urgency, method, reason: "unknown", description };
                    self.outcomes.push(Outcome::Failed(lost));
                }
            }
        }
        let pick = choose(&waiting, &mut self.budget, now, PLACES.saturating_sub(self.calls.len()));
        self.outcomes.extend(pick.outdone.into_iter().map(|id| Outcome::Outdone(OutgoingId(id))));
        for id in pick.now {
            if let Some((call, said)) = ready.remove(&id) {
                self.begin(call, said);
            }
        }
        let again = if self.outcomes.is_empty() { now + LOOK } else { now };
        let put_off = self.put_off.values().min().copied();
        Ok([pick.next, opens, put_off].into_iter().flatten().chain([again]).min())
    }

    fn begin(&mut self, mut call: Call, mut said: Outgoing) {
        if self.gone.contains(&call.id) {
            said = said.anew();
            (call.method, call.card) = (said.method, None);
        }
        if self.without_topic.contains(&call.id) {
            said = said.without_topic();
        }
        if let Some(new) = self.moved.get(&call.chat) {
            said = said.to(*new);
        }
        if said.method == Method::EditMessageText {
            // The topic is for the message that takes its place when it cannot be edited.
            said = said.without_topic();
        }
        call.in_topic = said.is_in_topic();
        let telegram = self.bot.telegram.clone();
        let handle = self.calls.spawn(async move {
            let said = telegram.send(&said).await;
            Answer { said, at: Instant::now() }
        });
        self.under_way.insert(handle.id(), call);
    }

    /// Takes what else has ended, and what ends within a moment.
    async fn gather(&mut self, held: &CancellationToken) {
        let until = Instant::now() + GATHER;
        while let Ok(Some(ended)) = tokio::time::timeout_at(until, self.calls.join_next_with_id()).await {
            self.ended(ended);
            if held.is_cancelled() {
                return;
            }
        }
    }

    fn ended(&mut self, ended: Result<(Id, Answer), JoinError>) {
        let (task, answer) = match ended {
            Ok(ended) => ended,
            // A panic of ours: it may have been sent.
            Err(error) => (error.id(), Answer { said: Err(Failure::Late), at: Instant::now() }),
        };
        let Some(call) = self.under_way.remove(&task) else { return };
        if call.is_counted() {
            self.budget.ends(call.chat, answer.at);
        }
        let case = Case {
            method: call.method,
            urgency: call.urgency,
            configured: self.bot.groups.has(call.chat),
            in_topic: call.in_topic,
            tries: call.tries,
        };
        let description = answer.said.as_ref().err().map(ToString::to_string).unwrap_or_default();
        self.follows(&call, case, fate(case, answer.said), description, answer.at);
    }

    /// What follows from a call's fate, for the record and for what goes next. `description` is what
    /// Telegram said.
    fn follows(&mut self, call: &Call, case: Case, fate: Fate, description: String, now: Instant) {
        let lost = |reason, description| LostMessage {
            id: call.id,
            chat: call.chat,
            urgency: call.urgency,
            method: call.method.as_str().to_owned(),
            reason,
            description,
        };
        match fate {
            Fate::Sent(number) => {
                self.gone.remove(&call.id);
                self.without_topic.remove(&call.id);
                let replaced = call.replaces(number);
                self.outcomes.push(Outcome::Sent { id: call.id, chat: call.chat, number, replaced });
            }
            Fate::Anew => {
                self.gone.insert(call.id);
                self.outcomes.extend(call.slot.clone().map(|slot| Outcome::Gone(call.chat, slot)));
            }
            Fate::WithoutTopic => {
                log_again(call, &description);
                self.without_topic.insert(call.id);
            }
            Fate::Later { after, silence: true, .. } => {
                self.budget.refused(call.chat, after, now);
                if !call.is_counted() && after > BUTTON {
                    self.outcomes.push(Outcome::Failed(lost("late", description)));
                } else {
                    self.put_off.insert(call.id, now + after);
                }
            }
            Fate::Later { after, counts: true, .. } => {
                if case.is_insistent() {
                    log_again(call, &description);
                }
                self.outcomes.push(Outcome::Later(call.id, after));
            }
            // Nothing of the message: whatever is sent meets the same.
            Fate::Later { after, .. } => _ = self.rests_until(now + after),
            Fate::Elsewhere(chat) => {
                tracing::warn!(code = "telegram.moved", "a group has a new number: change it in the settings");
                self.moved.insert(call.chat, chat);
                self.put_off.insert(call.id, now + PAUSE);
            }
            Fate::Blocked => {
                self.gone.remove(&call.id);
                self.outcomes.push(Outcome::Blocked(lost("blocked", description)));
            }
            Fate::Failed(reason) => {
                self.gone.remove(&call.id);
                self.outcomes.push(Outcome::Failed(lost(reason, description)));
            }
        }
    }

    async fn write(&mut self) -> Result<()> {
        outcome::write(&self.bot.cx, &self.outcomes).await?;
        self.outcomes.clear();
        Ok(())
    }

    /// Waits for what is under way, and writes what came of it. What is neither answered nor written
    /// by then is sent again by whoever comes next.
    async fn finish(mut self) {
        let end = Instant::now() + DRAIN;
        while let Ok(Some(ended)) = tokio::time::timeout_at(end, self.calls.join_next_with_id()).await {
            self.ended(ended);
        }
        self.calls.abort_all();
        loop {
            match tokio::time::timeout_at(end + PAUSE, self.write()).await {
                Ok(Ok(())) => return,
                Ok(Err(_)) if Instant::now() < end => tokio::time::sleep(PAUSE).await,
                Ok(Err(_)) | Err(_) => {
                    let lost = self.outcomes.len();
                    return tracing::warn!(lost, "what was sent is not written, and may be sent again");
                }
            }
        }
    }
}
