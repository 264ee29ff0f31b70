//! Somebody who talks to the bot.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Result, anyhow};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::chat::{Did, Line, User};
use super::live::LiveLocation;
use super::message::Message;
use super::state::{Hub, State};
use super::transcript;

/// Longest wait for a message of the bot. The lease of a bot that was killed lasts up to 8 s, and its
/// successor then sends one message a second to each chat.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody in a chat, private or a group.
///
/// What was waited for is not heard again: the next wait begins after it.
pub struct Person {
    pub(super) hub: Arc<Hub>,
    user: User,
    /// Where they talk; their own number when it is private.
    pub chat: i64,
    heard: AtomicUsize,
    patience: Duration,
}

/// A tap on a button.
#[derive(Debug, Clone)]
pub struct Tap(String);

impl Person {
    pub(super) fn new(hub: Arc<Hub>, user: User, chat: i64) -> Self {
        Self { hub, user, chat, heard: AtomicUsize::new(0), patience: PATIENCE }
    }

    /// Number as Telegram gives it.
    pub fn id(&self) -> i64 {
        self.user.id
    }

    /// First name.
    pub fn name(&self) -> &str {
        &self.user.first_name
    }

    /// The same person, who waits for so long.
    #[must_use]
    pub fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Writes; gives the message's number.
    pub fn say(&self, text: &str) -> i64 {
        self.hub.change(|state| self.says(state, text))
    }

    fn says(&self, state: &mut State, text: &str) -> i64 {
        let mut body = json!({ "text": text.trim() });
        if text.starts_with('/') {
            let length = text.split_whitespace().next().unwrap_or_default().encode_utf16().count();
            body["entities"] = json!([{ "type": "bot_command", "offset": 0, "length": length }]);
        }
        self.writes(state, body, None)
    }

    /// Answers a message of the chat.
    pub fn reply(&self, to: &Message, text: &str) -> i64 {
        self.hub.change(|state| self.writes(state, json!({ "text": text }), Some(to)))
    }

    /// Where they are, once.
    pub fn share_location(&self, lat: f64, lng: f64) -> i64 {
        let location = json!({ "latitude": lat, "longitude": lng, "horizontal_accuracy": 12.0 });
        self.hub.change(|state| self.writes(state, json!({ "location": location }), None))
    }

    /// Where they are, for so many seconds.
    pub fn live_location(&self, lat: f64, lng: f64, seconds: u32) -> LiveLocation<'_> {
        let location = json!({ "latitude": lat, "longitude": lng, "live_period": seconds });
        let id = self.hub.change(|state| self.writes(state, json!({ "location": location }), None));
        LiveLocation::new(self, id, seconds)
    }

    /// A telephone number, their own when they tap the button that asks for it.
    pub fn send_contact(&self, phone: &str) -> i64 {
        let contact = json!({ "phone_number": phone, "first_name": self.user.first_name, "user_id": self.user.id });
        self.hub.change(|state| self.writes(state, json!({ "contact": contact }), None))
    }

    /// A message of a kind that the bot may not know, with these fields.
    pub fn send(&self, body: Value) -> i64 {
        self.hub.change(|state| self.writes(state, body, None))
    }

    /// Changes what they wrote.
    pub fn edit(&self, message: i64, text: &str) {
        self.changes(message, |json| json["text"] = json!(text));
    }

    pub(super) fn changes(&self, message: i64, change: impl FnOnce(&mut Value)) {
        self.hub.change(|state| {
            let now = state.unix();
            let Some(chat) = state.chats.get_mut(&self.chat) else { return };
            let Some(message) = chat.messages.get_mut(&message) else { return };
            change(&mut message.json);
            message.json["edit_date"] = json!(now);
            let message = message.clone();
            let json = message.json.clone();
            chat.note(Some(&self.user.first_name), Did::Changed(message));
            state.tell("edited_message", self.chat, json);
        });
    }

    pub(super) fn writes(&self, state: &mut State, body: Value, answers: Option<&Message>) -> i64 {
        let mut json = state.envelope(self.chat, self.user.json());
        if let (Some(fields), Value::Object(more)) = (json.as_object_mut(), body) {
            fields.extend(more);
        }
        if let Some(answered) = answers {
            json["reply_to_message"] = answered.json.clone();
        }
        let private = self.chat == self.user.id;
        if let Some(chat) = state.chats.get_mut(&self.chat).filter(|_| private) {
            chat.open = true;
        }
        let message = Message::new(json.clone());
        let id = message.id();
        // In a group a bot hears only commands and answers to itself, unless it is made to hear all.
        let heard = private || message.text().starts_with('/') || answers.is_some_and(Message::is_the_bots);
        state.keep(self.chat, Some(&self.user.first_name), message);
        if heard {
            state.tell("message", self.chat, json);
        }
        id
    }

    /// Blocks the bot.
    pub fn block(&self) {
        self.becomes("kicked", false);
    }

    /// Lets the bot write again.
    pub fn unblock(&self) {
        self.becomes("member", true);
    }

    fn becomes(&self, status: &str, open: bool) {
        self.hub.change(|state| {
            let (now, bot) = (state.unix(), state.bot.clone());
            let Some(chat) = state.chats.get_mut(&self.chat) else { return };
            (chat.open, chat.told_closed) = (open, false);
            let words = if open { "vuelve a admitir al bot" } else { "bloquea al bot" };
            chat.note(Some(&self.user.first_name), Did::Note(words.to_owned()));
            let (old, new) = if open { ("kicked", status) } else { ("member", status) };
            let change = json!({ "chat": chat.about, "from": self.user.json(), "date": now,
                "old_chat_member": { "user": bot, "status": old }, "new_chat_member": { "user": bot, "status": new } });
            state.tell("my_chat_member", self.chat, change);
        });
    }

    /// Taps the newest button that says this, as soon as it is there: under a message, or in the
    /// place of the phone's keyboard, where it writes its text.
    ///
    /// # Panics
    /// When there is none in time; the whole conversation is shown.
    pub async fn tap(&self, label: &str) -> Tap {
        let found = self.wait(|state| {
            let chat = state.chats.get(&self.chat)?;
            let mut under = chat.messages.values().rev().filter(|message| message.is_the_bots());
            let under = under.find_map(|message| Some((message.json.clone(), message.button(label)?)));
            let instead = || {
                let mut keys = chat.keyboard.iter().flatten();
                keys.find(|key| key["text"].as_str().is_some_and(|text| text.contains(label))).cloned()
            };
            under.map(Ok).or_else(|| instead().map(Err))
        });
        match found.await.unwrap_or_else(|| panic!("no button {label:?}\n{}", self.transcript())) {
            Ok((message, button)) => {
                let data = button.data.unwrap_or_else(|| panic!("{label:?} opens a page"));
                Tap(self.hub.change(|state| state.press(self.chat, &self.user, message, &button.label, &data)))
            }
            Err(key) => {
                self.hub.change(|state| self.says(state, key["text"].as_str().unwrap_or_default()));
                Tap(String::new())
            }
        }
    }

    /// Taps the newest button with this data, as soon as it is there.
    ///
    /// # Panics
    /// As [`Self::tap`].
    pub async fn press(&self, data: &str) -> Tap {
        self.presses(data).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`Self::press`], for whoever does not end by it.
    ///
    /// # Errors
    /// When there is no such button in time; the whole conversation is in it.
    pub async fn presses(&self, data: &str) -> Result<Tap> {
        let found = self.wait(|state| {
            let mut newest = state.chats.get(&self.chat)?.messages.values().rev();
            newest.find(|message| message.is_the_bots() && message.button_for(data).is_some()).cloned()
        });
        let message = found.await.ok_or_else(|| anyhow!("no button for {data}\n{}", self.transcript()))?;
        Ok(self.tap_data(&message, data))
    }

    /// Taps the button of a message with this data, whether it is still there or not.
    pub fn tap_data(&self, message: &Message, data: &str) -> Tap {
        let label = message.button_for(data).map_or_else(|| data.to_owned(), |button| button.label);
        Tap(self.hub.change(|state| state.press(self.chat, &self.user, message.json.clone(), &label, data)))
    }

    /// Taps a button of a message so old that Telegram no longer shows it to bots.
    pub fn tap_old(&self, data: &str) -> Tap {
        Tap(self.hub.change(|state| {
            let about = state.chats.get(&self.chat).map(|chat| chat.about.clone());
            let message = json!({ "chat": about, "message_id": 7, "date": 0 });
            state.press(self.chat, &self.user, message, data, data)
        }))
    }

    /// Waits for the answer to a tap: the text that is shown shortly, if any, and whether it stays
    /// until it is closed.
    ///
    /// # Panics
    /// When it does not come in time; the whole conversation is shown.
    pub async fn answered(&self, tap: &Tap) -> (Option<String>, bool) {
        let found = self.wait(|state| {
            state.chats.get(&self.chat)?.lines.iter().find_map(|line| match &line.did {
                Did::Answered { callback, text, alert } if *callback == tap.0 => Some((text.clone(), *alert)),
                _ => None,
            })
        });
        found.await.unwrap_or_else(|| panic!("the tap was not answered\n{}", self.transcript()))
    }

    /// Waits for what the bot writes or changes and what is as it should be.
    ///
    /// # Panics
    /// When it does not come in time; the whole conversation is shown.
    pub async fn expect(&self, wanted: impl Fn(&Message) -> bool) -> Message {
        self.hears(wanted).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Waits for the bot to say this.
    ///
    /// # Panics
    /// As [`Self::expect`].
    pub async fn reads(&self, part: &str) -> Message {
        let heard = self.hears(|message| message.says(part)).await;
        heard.unwrap_or_else(|error| panic!("nobody said {part:?}: {error}"))
    }

    /// As [`Self::expect`], for whoever does not end by it.
    ///
    /// # Errors
    /// When it does not come in time; the whole conversation is in it.
    pub async fn hears(&self, wanted: impl Fn(&Message) -> bool) -> Result<Message> {
        let found = self.wait(|state| {
            let lines = &state.chats.get(&self.chat)?.lines;
            let from = self.heard.load(Ordering::Relaxed);
            lines.iter().enumerate().skip(from).find_map(|(n, line)| {
                let message = said(line).filter(|message| wanted(message))?;
                self.heard.store(n + 1, Ordering::Relaxed);
                Some(message.clone())
            })
        });
        found.await.ok_or_else(|| anyhow!("not in {:?}\n{}", self.patience, self.transcript()))
    }

    /// All that the bot has written or changed and that nobody waited for yet, without waiting; it
    /// counts as heard.
    pub fn rest(&self) -> Vec<Message> {
        let state = self.hub.look();
        let Some(chat) = state.chats.get(&self.chat) else { return Vec::new() };
        let from = self.heard.swap(chat.lines.len(), Ordering::Relaxed);
        chat.lines.iter().skip(from).filter_map(said).cloned().collect()
    }

    /// Messages of the bot as they stand now, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        let state = self.hub.look();
        let messages = state.chats.get(&self.chat).into_iter().flat_map(|chat| chat.messages.values());
        messages.filter(|message| message.is_the_bots()).cloned().collect()
    }

    /// Labels in the place of the phone's keyboard.
    pub fn keyboard(&self) -> Vec<String> {
        let state = self.hub.look();
        let keys = state.chats.get(&self.chat).into_iter().flat_map(|chat| chat.keyboard.iter().flatten());
        keys.filter_map(|key| key["text"].as_str().map(str::to_owned)).collect()
    }

    /// The whole conversation, readable.
    pub fn transcript(&self) -> String {
        self.hub.look().chats.get(&self.chat).map(|chat| transcript::of(&chat.lines)).unwrap_or_default()
    }

    async fn wait<T>(&self, look: impl Fn(&State) -> Option<T>) -> Option<T> {
        let (until, mut changes) = (Instant::now() + self.patience, self.hub.changes());
        loop {
            if let Some(found) = look(&self.hub.look()) {
                return Some(found);
            }
            timeout_at(until, changes.changed()).await.ok()?.ok()?;
        }
    }
}

fn said(line: &Line) -> Option<&Message> {
    match &line.did {
        Did::Wrote(message) | Did::Changed(message) if line.who.is_none() => Some(message),
        _ => None,
    }
}
