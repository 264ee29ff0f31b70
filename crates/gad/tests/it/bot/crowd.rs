//! Many people with phones, and the office that tells them all something.

use std::time::Duration;

use evaluation::telegram::{Message, Person as Phone, Standin};
use futures::future::join_all;
use serde_json::json;

use crate::binary::{Place, Server};
use crate::keep::Keep;
use crate::office::On;
use crate::person::Person;

/// The bot's token at the stand-in.
pub const TOKEN: &str = "7340112865:AAHk-of-the-crowd-0123456789";
const EMAIL: &str = "alba@prueba.gad";

/// An office that is served by one process or several, and its people.
pub struct Crowd {
    pub telegram: Standin,
    pub place: Place,
    /// All of them, those who hand out tasks first.
    pub people: Vec<Phone>,
    settings: Vec<(&'static str, String)>,
    pub keep: Keep,
}

impl Crowd {
    /// Opens an office that nobody serves yet.
    pub async fn open(on: On) -> Self {
        let telegram = Standin::open(TOKEN).await.unwrap();
        let keep = Keep::open(on).await;
        let place = keep.place();
        place.hires_as(EMAIL, "A7654321", 3).await;
        Self { telegram, place, people: Vec::new(), settings: Vec::new(), keep }
    }

    /// With one more setting.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.settings.push((name, value.to_string()));
        self
    }

    /// One more process, and the administrator signed in there.
    pub async fn serves(&self) -> (Server, Person) {
        let mut settings = vec![("GAD_TELEGRAM_TOKEN", TOKEN), ("GAD_TELEGRAM_API_URL", self.telegram.url.as_str())];
        settings.extend(self.settings.iter().map(|(name, value)| (*name, value.as_str())));
        let server = self.place.serves_with(&settings).await;
        let boss = server.signs_in(EMAIL).await;
        (server, boss)
    }

    /// The same with its log in a file.
    pub async fn serves_logging(&self, file: std::fs::File) -> (Server, Person) {
        let mut command = self.place.gad(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("GAD_TELEGRAM_TOKEN", TOKEN).env("GAD_TELEGRAM_API_URL", self.telegram.url.as_str());
        command.envs(self.settings.iter().map(|(name, value)| (name, value))).stderr(file);
        let server = Server::started_by(command).await;
        let boss = server.signs_in(EMAIL).await;
        (server, boss)
    }

    /// People whose accounts are users of the office, and who let the bot write to them; so many of
    /// them hand out tasks.
    pub async fn hires(&mut self, boss: &Person, people: usize, supervisors: usize) {
        for n in 0..people {
            self.people.push(self.telegram.person(&format!("Persona {n}")));
        }
        for (part, phones) in self.people.chunks(25).enumerate() {
            join_all(phones.iter().enumerate().map(async |(n, phone)| {
                let level = if part * 25 + n < supervisors { "2" } else { "1" };
                let body = json!({ "telegram_id": phone.id(), "nombre": phone.name(), "nivel": level });
                boss.posts("/api/v1/usuarios", body).await.ok();
                phone.unblock();
            }))
            .await;
        }
    }

    /// Waits until the bot has heard of all that people did.
    pub async fn is_heard(&self) {
        self.telegram.settles(Duration::from_secs(30), |telegram| telegram.pending() == 0).await.unwrap();
    }

    /// How often each has been told something, as it stands in the chats.
    pub fn told(&self, part: &str) -> Vec<usize> {
        let count = |phone: &Phone| phone.messages().iter().filter(|message: &&Message| message.says(part)).count();
        self.people.iter().map(count).collect()
    }

    /// Waits until everybody has been told something.
    pub async fn all_hear(&self, part: &str, patience: Duration) {
        let told = self.telegram.settles(patience, |_| self.told(part).iter().all(|times| *times > 0)).await;
        let missing = self.told(part).iter().filter(|times| **times == 0).count();
        assert!(told.is_ok(), "{missing} of {} have not heard {part}", self.people.len());
    }

    /// Ends all of it.
    pub async fn closes(self) {
        self.keep.close().await;
    }
}

/// Something said to everybody, or to those of a group.
pub async fn announces(boss: &Person, group: &str, tone: &str, message: &str) {
    let body = json!({ "group": group, "type": tone, "message": message });
    boss.posts("/api/v1/admin/telegram/send", body).await.ok();
}
