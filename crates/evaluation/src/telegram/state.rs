//! What the stand-in knows, behind one lock that is never held across a wait.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use super::answer::Refused;
use super::breach::{Breach, Kind};
use super::chat::{Chat, Did, User};
use super::fault::{Fault, Rule};
use super::message::Message;
use super::rate::Rates;

/// What Telegram does not publish, and a test may set.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest time that a tap may wait for its answer; later is a breach.
    pub answer: Duration,
    /// When a tap can no longer be answered.
    pub callback: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer: Duration::from_secs(15), callback: Duration::from_secs(60) }
    }
}

/// A call and how it ended.
#[derive(Debug, Clone)]
pub struct Called {
    /// As the documentation spells it.
    pub method: String,
    /// The chat that it names.
    pub chat: Option<i64>,
    /// Since the stand-in was opened.
    pub at: Duration,
    /// Status; 0 when the connection was cut.
    pub code: u16,
}

/// Something that a bot is to hear.
pub struct Update {
    pub id: i64,
    pub chat: i64,
    pub body: Value,
    /// Tries to post it to a webhook that failed, and when the next may be made.
    pub tries: u32,
    pub not_before: Option<Instant>,
    pub under_way: bool,
}

/// Where updates are posted.
#[derive(Clone, Default)]
pub struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub connections: usize,
    pub last_error: Option<(i64, String)>,
}

/// Without what is secret.
impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook").finish_non_exhaustive()
    }
}

/// A tap.
pub struct Pressed {
    pub chat: i64,
    pub at: Instant,
    pub answered: Option<Instant>,
}

/// All of it.
pub struct State {
    pub bot: Value,
    pub limits: Limits,
    pub chats: BTreeMap<i64, Chat>,
    pub updates: VecDeque<Update>,
    pub allowed: Vec<String>,
    pub reader: u64,
    pub webhook: Option<Webhook>,
    pub webhook_address: Option<String>,
    pub posts_twice: bool,
    pub pressed: HashMap<String, Pressed>,
    pub files: HashMap<String, Bytes>,
    pub commands: BTreeMap<String, Value>,
    pub breaches: Vec<Breach>,
    pub calls: Vec<Called>,
    pub rules: Vec<Rule>,
    rates: Rates,
    pub numbers: i64,
    began: Instant,
    began_unix: i64,
}

/// The stand-in, shared by its connections and the people who talk through it.
pub struct Hub {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    /// The only token that is let in.
    pub token: String,
}

impl Hub {
    pub fn new(token: &str) -> Self {
        let bot = json!({ "id": 7_340_112_865_i64, "is_bot": true, "first_name": "GAD", "username": "gad_demo_bot",
            "can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false });
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let state = State {
            bot,
            limits: Limits::default(),
            chats: BTreeMap::new(),
            updates: VecDeque::new(),
            allowed: Vec::new(),
            reader: 0,
            webhook: None,
            webhook_address: None,
            posts_twice: false,
            pressed: HashMap::new(),
            files: HashMap::new(),
            commands: BTreeMap::new(),
            breaches: Vec::new(),
            calls: Vec::new(),
            rules: Vec::new(),
            rates: Rates::default(),
            numbers: 0,
            began: Instant::now(),
            began_unix: i64::try_from(unix.as_secs()).unwrap_or_default(),
        };
        Self { state: Mutex::new(state), changed: watch::channel(0).0, token: token.to_owned() }
    }

    /// Looks, without telling anybody.
    pub fn look(&self) -> MutexGuard<'_, State> {
        // A test that failed while it held the lock has said so; the others go on.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes, and wakes whoever waits.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = change(&mut self.look());
        self.changed.send_modify(|n| *n += 1);
        outcome
    }

    /// Hears of each change from now on.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

impl State {
    /// Seconds since 1970.
    pub fn unix(&self) -> i64 {
        self.began_unix + i64::try_from(self.began.elapsed().as_secs()).unwrap_or_default()
    }

    /// Time since it was opened.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// A number that nothing else has.
    pub fn number(&mut self) -> i64 {
        self.numbers += 1;
        self.numbers
    }

    /// Notes a breach, and gives what it is refused with.
    pub fn breach(&mut self, kind: Kind, chat: Option<i64>, detail: String) {
        let at = self.elapsed();
        self.breaches.push(Breach { kind, chat, at, detail });
    }

    /// The fault that strikes a call.
    pub fn fault(&mut self, method: &str, chat: Option<i64>) -> Option<Fault> {
        self.rules.iter_mut().find_map(|rule| rule.strikes(method, chat))
    }

    /// A chat into which the bot may write now; counts it as one message.
    pub fn may_write(&mut self, chat: Option<i64>) -> Result<i64, (Option<Kind>, Refused)> {
        let now = Instant::now();
        let bare = |refused| (None, refused);
        let id = chat.ok_or_else(|| bare(Refused::bad("chat_id is empty")))?;
        let place = self.chats.get_mut(&id).ok_or_else(|| bare(Refused::bad("chat not found")))?;
        if !place.open {
            let kind = std::mem::replace(&mut place.told_closed, true).then_some(Kind::Insisted);
            let words = match place.group {
                true => "bot was kicked from the supergroup chat",
                false if place.lines.is_empty() => "bot can't initiate conversation with a user",
                false => "bot was blocked by the user",
            };
            return Err((kind, Refused::forbidden(words)));
        }
        if let Some(until) = place.quiet_until.take_if(|until| *until > now + Duration::from_millis(50)) {
            let left = until.duration_since(now).as_secs() + 1;
            place.quiet_until = Some(until);
            return Err((Some(Kind::DidNotWait), Refused::too_many(left)));
        }
        self.rates.admit(now, id, place.group).map_err(|(kind, wait)| (Some(kind), Refused::too_many(wait)))?;
        Ok(id)
    }

    /// Notes that a 429 told the bot to leave a chat in peace.
    pub fn hush(&mut self, chat: Option<i64>, seconds: u64) {
        if let Some(chat) = chat.and_then(|chat| self.chats.get_mut(&chat)) {
            chat.quiet_until = Some(Instant::now() + Duration::from_secs(seconds));
        }
    }

    /// A message of a chat, as far as everybody sees it; without its kind's own fields.
    pub fn envelope(&mut self, chat: i64, from: Value) -> Value {
        let about = self.chats.get(&chat).map(|chat| chat.about.clone());
        json!({ "message_id": self.number(), "from": from, "chat": about, "date": self.unix() })
    }

    /// Keeps a message, and notes that it was written.
    pub fn keep(&mut self, chat: i64, who: Option<&str>, message: Message) {
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.messages.insert(message.id(), message.clone());
            chat.note(who, Did::Wrote(message));
        }
    }

    /// Queues an update for the bot, unless it asked not to hear of such.
    pub fn tell(&mut self, kind: &str, chat: i64, body: Value) {
        if !self.allowed.is_empty() && !self.allowed.iter().any(|allowed| allowed == kind) {
            return;
        }
        let id = 412_907_300 + self.number();
        let body = json!({ "update_id": id, kind: body });
        self.updates.push_back(Update { id, chat, body, tries: 0, not_before: None, under_way: false });
    }

    /// Notes that somebody tapped a button; gives the number of the tap.
    pub fn press(&mut self, chat: i64, who: &User, message: Value, label: &str, data: &str) -> String {
        let callback = format!("39{:016}", self.number() * 7_919_317);
        let about = json!({ "id": callback, "from": who.json(), "message": message,
            "chat_instance": format!("-{chat}71"), "data": data });
        self.pressed.insert(callback.clone(), Pressed { chat, at: Instant::now(), answered: None });
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.note(Some(&who.first_name), Did::Tapped(label.to_owned()));
        }
        self.tell("callback_query", chat, about);
        callback
    }

    /// Everything that was broken, with the taps that waited too long for their answer.
    pub fn all_breaches(&self) -> Vec<Breach> {
        let late = self.pressed.values().filter_map(|tap| {
            let waited = tap.answered.unwrap_or_else(Instant::now).duration_since(tap.at);
            let at = tap.at.duration_since(self.began);
            let detail = format!("a tap waited {:.1} s for its answer", waited.as_secs_f64());
            (waited > self.limits.answer).then_some(Breach { kind: Kind::Unanswered, chat: Some(tap.chat), at, detail })
        });
        let mut all: Vec<Breach> = self.breaches.iter().cloned().chain(late).collect();
        all.sort_by_key(|breach| breach.at);
        all
    }
}
