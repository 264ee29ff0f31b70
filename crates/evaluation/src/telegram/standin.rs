//! The stand-in as a test opens it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::breach::{Breach, Kind};
use super::chat::{Chat, User};
use super::fault::Rule;
use super::http;
use super::person::Person;
use super::state::{Called, Hub, Limits};
use super::webhook;

/// A server on a free port. Dropping it closes it.
pub struct Standin {
    hub: Arc<Hub>,
    /// Where it listens, for `--telegram-api-url`.
    pub url: String,
    _work: JoinSet<()>,
}

/// A group of which the bot is a member.
pub struct Group {
    hub: Arc<Hub>,
    /// As Telegram numbers supergroups.
    pub id: i64,
}

impl Standin {
    /// Opens it for the bot with this token, as `BotFather` gives them.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn open(token: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("a port for the stand-in")?;
        let url = format!("http://{}", listener.local_addr()?);
        let hub = Arc::new(Hub::new(token));
        let mut work = JoinSet::new();
        work.spawn(http::serve(hub.clone(), listener));
        work.spawn(webhook::deliver(hub.clone()));
        Ok(Self { hub, url, _work: work })
    }

    /// Numbers people, messages and updates from here on: an office remembers those of another stand-in.
    pub fn number_from(&self, number: i64) {
        self.hub.change(|state| state.numbers = number);
    }

    /// The bot's token.
    pub fn token(&self) -> &str {
        &self.hub.token
    }

    /// Other limits than the usual ones.
    pub fn limit(&self, limits: Limits) {
        self.hub.look().limits = limits;
    }

    /// Somebody with a Spanish phone who has not talked to the bot yet.
    pub fn person(&self, name: &str) -> Person {
        self.person_with(name, "es")
    }

    /// Somebody whose phone speaks `language`.
    pub fn person_with(&self, name: &str, language: &str) -> Person {
        let user = self.hub.change(|state| {
            // Beyond 32 bits, as new accounts are.
            let id = 5_210_034_000 + state.number();
            let user = User { id, first_name: name.to_owned(), language: language.to_owned() };
            state.chats.insert(id, Chat::private(&user));
            user
        });
        let chat = user.id;
        Person::new(self.hub.clone(), user, chat)
    }

    /// A group with the bot in it.
    pub fn group(&self, title: &str) -> Group {
        let id = self.hub.change(|state| {
            let id = -1_002_000_000_000 - state.number();
            state.chats.insert(id, Chat::group(id, title));
            id
        });
        Group { hub: self.hub.clone(), id }
    }

    /// Things go wrong by this rule from now on.
    pub fn breaks(&self, rule: Rule) {
        self.hub.look().rules.push(rule);
    }

    /// Nothing goes wrong any more.
    pub fn mends(&self) {
        self.hub.look().rules.clear();
    }

    /// Posts to webhooks go to this address, whatever host their URL names.
    pub fn webhooks_go_to(&self, address: SocketAddr) {
        self.hub.change(|state| state.webhook_address = Some(address.to_string()));
    }

    /// Each update is posted to the webhook once more after it was taken, as after a lost answer.
    pub fn posts_twice(&self) {
        self.hub.look().posts_twice = true;
    }

    /// Where the bot wants updates posted.
    pub fn webhook(&self) -> Option<String> {
        self.hub.look().webhook.as_ref().map(|webhook| webhook.url.clone())
    }

    /// How many updates the bot has not confirmed.
    pub fn pending(&self) -> usize {
        self.hub.look().updates.len()
    }

    /// How many times the bot has asked for updates.
    pub fn readers(&self) -> u64 {
        self.hub.look().reader
    }

    /// The menu of the scope and language, like `default es`.
    pub fn commands(&self, scope: &str) -> Option<Value> {
        self.hub.look().commands.get(scope).cloned()
    }

    /// How many commands the longest menu has, whatever its scope and language.
    pub fn longest_menu(&self) -> usize {
        self.hub.look().commands.values().filter_map(|menu| menu.as_array().map(Vec::len)).max().unwrap_or_default()
    }

    /// Waits until the state of things is as it should be.
    ///
    /// # Errors
    /// When it is not in time.
    pub async fn settles(&self, patience: Duration, settled: impl Fn(&Self) -> bool) -> Result<()> {
        let mut changes = self.hub.changes();
        let wait = async {
            while !settled(self) {
                if changes.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(patience, wait).await.context("what was waited for did not come")
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Called> {
        self.hub.look().calls.clone()
    }

    /// How many messages and changes people have seen.
    pub fn said(&self) -> usize {
        self.hub.look().calls.iter().filter(|call| says(call)).count()
    }

    /// Most messages and changes in any second.
    pub fn busiest_second(&self) -> usize {
        let mut times: Vec<Duration> =
            self.hub.look().calls.iter().filter(|call| says(call)).map(|call| call.at).collect();
        times.sort();
        let mut busiest = 0;
        let mut first = 0;
        for (last, at) in times.iter().enumerate() {
            while at.saturating_sub(times[first]) >= Duration::from_secs(1) {
                first += 1;
            }
            busiest = busiest.max(last + 1 - first);
        }
        busiest
    }

    /// What the bot should not have done, oldest first.
    pub fn breaches(&self) -> Vec<Breach> {
        self.hub.look().all_breaches()
    }

    /// How often it did each of it.
    pub fn counts(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for breach in self.breaches() {
            *counts.entry(breach.kind).or_default() += 1;
        }
        counts
    }

    /// Ends the test unless the bot kept to all rules.
    ///
    /// # Panics
    /// When it did not; each breach is shown.
    pub fn is_content(&self) {
        self.is_content_but_for(&[]);
    }

    /// The same, where a bot that was killed could not know better.
    ///
    /// # Panics
    /// As [`Self::is_content`].
    pub fn is_content_but_for(&self, kinds: &[Kind]) {
        let breaches = self.breaches();
        let told: Vec<String> =
            breaches.iter().filter(|breach| !kinds.contains(&breach.kind)).map(ToString::to_string).collect();
        assert!(told.is_empty(), "the bot broke rules:\n{}", told.join("\n"));
    }
}

/// Whether it showed people something.
fn says(call: &Called) -> bool {
    call.code == 200 && (call.method.starts_with("send") || call.method.starts_with("edit"))
}

impl Group {
    /// Somebody's voice in the group.
    pub fn member(&self, person: &Person) -> Person {
        let user = User { id: person.id(), first_name: person.name().to_owned(), language: "es".to_owned() };
        Person::new(self.hub.clone(), user, self.id)
    }

    /// The bot is thrown out.
    pub fn throws_out(&self, by: &Person) {
        self.member(by).block();
    }

    /// Tells the bot that the group has a new number, as when a group becomes a supergroup.
    pub fn tells_of(&self, body: Value) {
        self.hub.change(|state| {
            let bot = state.bot.clone();
            let mut json = state.envelope(self.id, json!(bot));
            if let (Some(fields), Value::Object(more)) = (json.as_object_mut(), body) {
                fields.extend(more);
            }
            state.tell("message", self.id, json);
        });
    }
}
