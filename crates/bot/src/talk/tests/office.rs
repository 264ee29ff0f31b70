//! An office with people who write to its bot.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::audit::{AuditDesk, AuditKeys};
use app::auth::{Hasher, KeyRing, Principals};
use app::report::ReportDesk;
use app::{Context, Parts, Settings};
use bus::Bus;
use domain::audit::AuditKey;
use domain::officer::{InternalCode, NewOfficer};
use domain::personal::Name;
use domain::user::NewUser;
use domain::{Availability, Clock, JsonObject, Level, Officer, Point, Position, Rng, TelegramId, Time, User};
use resilience::CpuPool;
use serde_json::{Value, json};
use store::Store;

use crate::model::{Answer, Change, ChatId, ChatState, Method, Update};
use crate::talk::{self, Dialogue};

struct TestClock(Mutex<Time>);

impl Clock for TestClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }
}

/// Chance that is the same in every run, and never the same twice in one.
struct Counting(Mutex<u64>);

impl Rng for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let mut state = self.0.lock().unwrap();
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = state.to_be_bytes()[2];
        }
    }
}

struct NoKeys;

impl AuditKeys for NoKeys {
    fn read(&self) -> Result<Vec<AuditKey>, store::BoxError> {
        Ok(Vec::new())
    }
}

/// An office of one supervisor and some officers.
pub struct Office {
    pub cx: Context,
    updates: Mutex<i64>,
    clock: Arc<TestClock>,
    _dir: tempfile::TempDir,
}

/// Somebody with a private chat with the bot, and what the bot keeps of it.
pub struct Person {
    pub telegram: i64,
    pub user: Option<User>,
    pub officer: Option<Officer>,
    pub dialogue: Option<Dialogue>,
    pub state: ChatState,
}

impl Office {
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = store_sqlite::SqliteStore::open(dir.path(), store_sqlite::SqliteOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(TestClock(Mutex::new(chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap())));
        let settings = Settings::default();
        let cx = Context::new(Parts {
            store: Arc::new(store),
            bus: Bus::memory(),
            clock: clock.clone(),
            rng: Arc::new(Counting(Mutex::new(1))),
            keys: KeyRing::new(&["a secret of the tests that is long enough".to_owned()], settings.issuer()).unwrap(),
            hasher: Hasher::new(CpuPool::new(1, 16).unwrap()).unwrap(),
            principals: Principals::new(Duration::ZERO),
            settings,
            audit: AuditDesk::new(NoKeys),
            reports: ReportDesk::new(CpuPool::new(1, 16).unwrap()),
            freed_officers: app::dispatch::FreedOfficers::default(),
            screens: app::presence::LiveScreens::default(),
        });
        Self { cx, updates: Mutex::new(100), clock, _dir: dir }
    }

    /// Lets time pass.
    pub fn waits(&self, time: chrono::TimeDelta) {
        *self.clock.0.lock().unwrap() += time;
    }

    pub fn stranger(telegram: i64) -> Person {
        let state = ChatState::new(ChatId(telegram));
        Person { telegram, user: None, officer: None, dialogue: None, state }
    }

    pub async fn person(&self, telegram: i64, name: &str, level: Level, goes_out: bool) -> Person {
        let now = self.cx.clock.now();
        let mut tx = self.cx.store.write().await.unwrap();
        let new = NewUser {
            uuid: self.cx.rng.uuid(),
            dni: None,
            given_name: Name::try_from(name.to_owned()).unwrap(),
            family_name: None,
            email: None,
            phone: None,
            telegram: Some(TelegramId(telegram)),
            level,
            verified: true,
            extra: JsonObject::new(),
            created_at: now,
        };
        let user = tx.users().insert(&new, None).await.unwrap();
        let mut officer = None;
        if goes_out {
            let new = NewOfficer {
                uuid: self.cx.rng.uuid(),
                user: user.id,
                internal_code: InternalCode::try_from(format!("EF-{telegram}")).unwrap(),
                rank: None,
                unit: None,
                specialty: None,
                availability: Availability::Available,
                metadata: JsonObject::new(),
                created_at: now,
            };
            officer = Some(tx.officers().insert(&new).await.unwrap());
        }
        tx.commit().await.unwrap();
        Person { user: Some(user), officer, ..Self::stranger(telegram) }
    }

    pub async fn supervisor(&self) -> Person {
        self.person(20, "Sofía", Level::Supervisor, false).await
    }

    pub async fn officer(&self, telegram: i64, name: &str) -> Person {
        self.person(telegram, name, Level::Officer, true).await
    }

    pub async fn stands_at(&self, person: &Person, lat: f64, lng: f64) {
        let now = self.cx.clock.now();
        let (officer, point) = (person.officer.as_ref().unwrap().id, Point::new(lat, lng).unwrap());
        let position =
            Position { officer, point, accuracy_m: None, measured_at: now, received_at: now, reported_by: None };
        let mut tx = self.cx.store.write().await.unwrap();
        tx.positions().record(&[position]).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn task(&self, code: &str) -> domain::Task {
        let code = domain::TaskCode::stored(code.to_owned());
        self.cx.store.read().await.unwrap().tasks().by_code(&code).await.unwrap().unwrap()
    }

    pub async fn has(&self, code: &str) -> bool {
        let code = domain::TaskCode::stored(code.to_owned());
        self.cx.store.read().await.unwrap().tasks().by_code(&code).await.unwrap().is_some()
    }

    pub fn next(&self) -> i64 {
        let mut updates = self.updates.lock().unwrap();
        *updates += 1;
        *updates
    }

    /// A text in a private chat.
    pub async fn writes(&self, person: &mut Person, text: &str) -> String {
        self.sends(person, json!({ "text": text })).await
    }

    /// Any message in a private chat.
    pub async fn sends(&self, person: &mut Person, content: Value) -> String {
        let mut message = json!({ "message_id": 1, "date": self.cx.clock.now().timestamp(),
            "chat": { "id": person.telegram, "type": "private" }, "from": { "id": person.telegram } });
        message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        self.update(person, json!({ "update_id": self.next(), "message": message })).await
    }

    /// A button under a message of the bot.
    pub async fn presses(&self, person: &mut Person, data: &str) -> String {
        let update = self.press(person, data);
        self.update(person, update).await
    }

    pub fn press(&self, person: &Person, data: &str) -> Value {
        json!({ "update_id": self.next(), "callback_query": { "id": "q", "from": { "id": person.telegram },
            "message": { "message_id": 7, "chat": { "id": person.telegram, "type": "private" } }, "data": data } })
    }

    /// What the bot says to an update, a message a paragraph, with its buttons in brackets. What is
    /// kept of the chat follows.
    pub async fn update(&self, person: &mut Person, update: Value) -> String {
        let answer = self.answer(person, &update).await;
        match answer.dialogue.clone() {
            Change::Keep => {}
            Change::Set(dialogue) => person.dialogue = Some(dialogue),
            Change::End => person.dialogue = None,
        }
        if let Some(language) = answer.language {
            person.state.language = language;
        }
        shown(&answer)
    }

    /// The same without anything that follows: as if the worker had died after it.
    pub async fn answer(&self, person: &Person, update: &Value) -> Answer {
        let update = Update::read(update).unwrap();
        talk::answer(&self.cx, &person.state, &update, person.dialogue.clone()).await.unwrap()
    }
}

/// What people see of an answer.
pub fn shown(answer: &Answer) -> String {
    let mut shown = Vec::new();
    for message in &answer.messages {
        let text = message.body.get("text").or(message.body.get("title")).and_then(Value::as_str).unwrap_or_default();
        let units = text.encode_utf16().count();
        assert!(units <= 4096, "{units} units do not fit in a message");
        match message.method {
            Method::AnswerCallbackQuery if text.is_empty() => {}
            Method::AnswerCallbackQuery => shown.push(format!("({text})")),
            _ => {
                let rows = message.body.get("reply_markup").and_then(|markup| markup.get("inline_keyboard"));
                let buttons: Vec<String> = rows
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .map(|row| {
                        let row = row.as_array().unwrap().iter();
                        let labels: Vec<&str> = row.map(|button| button["text"].as_str().unwrap()).collect();
                        format!("[{}]", labels.join("]["))
                    })
                    .collect();
                let lines = std::iter::once(text.to_owned()).chain(buttons);
                shown.push(lines.collect::<Vec<_>>().join("\n"));
            }
        }
    }
    shown.join("\n\n")
}
