//! The binary with Telegram beside it, and the people of an office with their phones.

use std::ops::Deref;
use std::time::Duration;

use evaluation::telegram::{Kind, Message, Person as Phone, Standin};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::binary::{Place, Server};
use crate::intruder::Intruder;
use crate::keep::Keep;
use crate::office::On;
use crate::person::Person;

/// The bot's token at the stand-in.
pub const TOKEN: &str = "7340112865:AAHk-of-the-tests-0123456789";
const EMAIL: &str = "alba@prueba.gad";
/// In front of the obelisk.
pub const CENTRE: (f64, f64) = (-34.6037, -58.3816);

/// An office that is reached over Telegram.
pub struct Desk {
    pub telegram: Standin,
    /// Its administrator, signed in over HTTP, who sees what is in the record.
    pub boss: Person,
    place: Place,
    server: Mutex<Option<Server>>,
    settings: &'static [(&'static str, &'static str)],
    keep: Keep,
}

/// Somebody of the office, with the phone in hand.
pub struct Member {
    pub phone: Phone,
    pub user: i64,
    /// Number in the street, for officers.
    pub officer: i64,
}

impl Deref for Member {
    type Target = Phone;

    fn deref(&self) -> &Phone {
        &self.phone
    }
}

impl Desk {
    /// Opens an office with an administrator and a bot.
    pub async fn open(on: On) -> Self {
        Self::open_with(on, &[]).await
    }

    /// The same, with settings of its own.
    pub async fn open_with(on: On, settings: &'static [(&'static str, &'static str)]) -> Self {
        let telegram = Standin::open(TOKEN).await.unwrap();
        let keep = Keep::open(on).await;
        let place = keep.place();
        place.hires_as(EMAIL, "A7654321", 3).await;
        let server = Self::serve(&place, &telegram, settings).await;
        let boss = server.signs_in(EMAIL).await;
        Self { telegram, boss, place, server: Mutex::new(Some(server)), settings, keep }
    }

    async fn serve(place: &Place, telegram: &Standin, settings: &[(&str, &str)]) -> Server {
        let bot = [("GAD_TELEGRAM_TOKEN", TOKEN), ("GAD_TELEGRAM_API_URL", &telegram.url)];
        let bot = [bot[0], bot[1], ("TZ", "America/Argentina/Buenos_Aires")];
        place.serves_with(&[&bot[..], settings].concat()).await
    }

    /// `kill -9`, and started again; the bot goes on where it was.
    pub async fn is_killed_and_comes_back(&self) {
        let mut server = self.server.lock().await;
        server.take().unwrap().dies().await;
        *server = Some(Self::serve(&self.place, &self.telegram, self.settings).await);
    }

    /// Killed, and started again with a bot or without one.
    pub async fn comes_back(&self, with_bot: bool) {
        let mut server = self.server.lock().await;
        server.take().unwrap().dies().await;
        *server = Some(if with_bot {
            Self::serve(&self.place, &self.telegram, self.settings).await
        } else {
            self.place.serves_with(self.settings).await
        });
    }

    /// An officer without Telegram who signs in at the web.
    pub async fn officer_at_the_web(&self, name: &str, place: (f64, f64)) -> (i64, Person) {
        let officer = self.officer_without_telegram(name, place).await;
        let server = self.server.lock().await;
        (officer, server.as_ref().unwrap().signs_in(&format!("{name}@prueba.gad").to_lowercase()).await)
    }

    /// Where the office serves now.
    pub async fn door(&self) -> String {
        self.server.lock().await.as_ref().unwrap().url.clone()
    }

    /// The administrator at the door where the office serves now.
    pub async fn boss_now(&self) -> Person {
        self.boss.at(&self.door().await)
    }

    /// A connection to the record that goes past the program.
    pub async fn intruder(&self) -> Intruder {
        self.keep.intruder().await
    }

    /// What `gad` prints for these arguments.
    pub async fn gad(&self, arguments: &[&str]) -> String {
        let output = self.place.gad(arguments).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Somebody in the street, free.
    pub async fn officer(&self, name: &str) -> Member {
        let mut member = self.member(name, 1).await;
        let body = json!({ "usuario_id": member.user, "codigo_interno": format!("EF-{:05}", member.user) });
        member.officer = self.boss.posts("/api/v1/efectivos", body).await.ok()["id"].as_i64().unwrap();
        member
    }

    /// An officer who has said where he or she is.
    pub async fn officer_at(&self, name: &str, (lat, lng): (f64, f64)) -> Member {
        let member = self.officer(name).await;
        self.stands(member.officer, (lat, lng)).await;
        member
    }

    /// Records where an officer is.
    pub async fn stands(&self, officer: i64, (lat, lng): (f64, f64)) {
        let path = format!("/api/v1/efectivos/{officer}/posicion");
        self.boss.posts(&path, json!({ "lat": lat, "lng": lng })).await.ok();
    }

    /// The number of an officer without a Telegram account, who has said where he or she is.
    pub async fn officer_without_telegram(&self, name: &str, place: (f64, f64)) -> i64 {
        let body = json!({ "email": format!("{name}@prueba.gad").to_lowercase(), "password": "una clave larga",
            "nombre": name, "apellido": "Prueba", "dni": format!("D-{name}"), "nivel": 1, "verificado": true });
        let user = self.boss.posts("/api/v1/users/", body).await.ok()["id"].as_i64().unwrap();
        let body = json!({ "usuario_id": user, "codigo_interno": format!("EF-{user:05}") });
        let officer = self.boss.posts("/api/v1/efectivos", body).await.ok()["id"].as_i64().unwrap();
        self.stands(officer, place).await;
        officer
    }

    /// Somebody who hands out tasks.
    pub async fn supervisor(&self, name: &str) -> Member {
        self.member(name, 2).await
    }

    /// Somebody who has written to the bot, and whose account belongs to a user of this level.
    async fn member(&self, name: &str, level: u8) -> Member {
        let phone = self.telegram.person(name);
        let body = json!({ "telegram_id": phone.id(), "nombre": name, "nivel": level.to_string() });
        let user = self.boss.posts("/api/v1/usuarios", body).await.ok()["id"].as_i64().unwrap();
        Member { phone, user, officer: 0 }
    }

    /// A task of somebody's, handed to officers.
    pub async fn task(&self, code: &str, delegate: &Member, officers: &[&Member]) -> i64 {
        let officers: Vec<i64> = officers.iter().map(|officer| officer.officer).collect();
        let body = json!({ "codigo": code, "titulo": format!("Recorrer la plaza {code}"), "tipo": "patrullaje",
            "inicio_programado": "2025-11-01T12:00:00Z", "delegado_usuario_id": delegate.user,
            "ubicacion_lat": CENTRE.0, "ubicacion_lon": CENTRE.1, "efectivos_asignados": officers });
        self.boss.posts("/api/v1/tasks/", body).await.ok()["id"].as_i64().unwrap()
    }

    /// All tasks of the record with this code.
    pub async fn tasks(&self, code: &str) -> Vec<Value> {
        let tasks = self.boss_now().await.gets("/api/v1/tasks/?limit=500").await.ok();
        tasks.as_array().unwrap().iter().filter(|task| task["codigo"] == code).cloned().collect()
    }

    /// The only task with this code.
    pub async fn the(&self, code: &str) -> Value {
        let mut tasks = self.tasks(code).await;
        assert_eq!(tasks.len(), 1, "tasks {code}");
        tasks.remove(0)
    }

    /// Waits until a task is in this state.
    pub async fn sees(&self, code: &str, state: &str) {
        let look = async {
            while self.the(code).await["estado"] != state {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let seen = tokio::time::timeout(Duration::from_secs(10), look).await;
        assert!(seen.is_ok(), "{code} is {}, not {state}", self.the(code).await["estado"]);
    }

    /// Ends the office, when the bot has kept to Telegram's rules.
    pub async fn closes(self) {
        self.closes_but_for(&[]).await;
    }

    /// The same, where a bot that was killed could not know better.
    pub async fn closes_but_for(self, kinds: &[Kind]) {
        self.telegram.is_content_but_for(kinds);
        self.server.into_inner().unwrap().ends().await;
        self.keep.close().await;
    }
}

/// Whether a message shows something, in its text or on a button.
pub fn shows(message: &Message, part: &str) -> bool {
    message.says(part) || message.button(part).is_some()
}

/// A step of the create wizard by its number.
pub fn step(n: u8) -> impl Fn(&Message) -> bool {
    move |message| message.says(&format!("paso {n}/6")) || message.says(&format!("paso {n} de 6"))
}

/// Tells a story on both stores; `with` settings of the office's own.
#[macro_export]
macro_rules! bot_stories {
    ($($name:ident,)+) => {
        $crate::bot_stories! { with &[]; $($name,)+ }
    };
    (with $settings:expr; $($name:ident,)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let desk = $crate::bot::desk::Desk::open_with($crate::office::On::Sqlite, $settings).await;
                super::$name(&desk).await;
                desk.closes().await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let desk = $crate::bot::desk::Desk::open_with($crate::office::On::Postgres, $settings).await;
                super::$name(&desk).await;
                desk.closes().await;
            })+
        }
    };
}
