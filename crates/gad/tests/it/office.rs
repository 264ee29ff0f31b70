//! A whole office on port 0, with a database and a clock of its own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::{ApiSettings, ApiValues, ServeLimits};
use app::audit::{AuditDesk, AuditKeys};
use app::auth::{Hasher, KeyRing, Principals};
use app::report::ReportDesk;
use app::{Actor, Context, Parts, Settings};
use bus::Bus;
use chrono::TimeDelta;
use domain::audit::AuditKey;
use domain::officer::{InternalCode, NewOfficer};
use domain::personal::{Dni, Email, Name};
use domain::user::{NewUser, Password};
use domain::{Availability, Clock, JsonObject, Level, OfficerId, Point, Position, Rng, Time, User, UserId};
use resilience::{CancellationToken, CpuPool, Group, Tasks};
use store::Store;

use crate::intruder::Intruder;
use crate::keep::Keep;
use crate::person::Person;

/// What every user of a test office signs in with.
pub const PASSWORD: &str = "una clave larga";

/// What the bot shows under `/telegram/`.
pub const SERVICE_TOKEN: &str = "a secret of the bot of the tests, long enough";

/// What signs the tokens of a test office.
pub const SECRET: &str = "a secret of the tests that is long enough";

/// The stores on which every conversation is held.
#[derive(Debug, Clone, Copy)]
pub enum On {
    Sqlite,
    Postgres,
}

/// A clock that only its test moves.
pub struct TestClock(Mutex<Time>);

impl Clock for TestClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }
}

impl TestClock {
    /// Shows `at`.
    pub fn at(at: Time) -> Self {
        Self(Mutex::new(at))
    }

    /// Moves on.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

/// Chance, as the binary has it.
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        rand::Rng::fill_bytes(&mut rand::rng(), bytes);
    }
}

/// A list of trusted proxies.
pub fn proxies(entries: &[&str]) -> api::TrustedProxies {
    api::TrustedProxies::new(entries.iter().map(|entry| entry.parse().unwrap()))
}

/// The whole system.
pub struct Office {
    /// For what no route shows yet.
    pub cx: Context,
    /// Time.
    pub clock: Arc<TestClock>,
    url: String,
    tasks: Tasks,
    /// With what checkpoints are signed, the signing key first.
    pub audit_keys: Arc<Mutex<Vec<AuditKey>>>,
    data: Keep,
}

struct SharedKeys(Arc<Mutex<Vec<AuditKey>>>);

impl AuditKeys for SharedKeys {
    fn read(&self) -> Result<Vec<AuditKey>, store::BoxError> {
        Ok(self.0.lock().unwrap().clone())
    }
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    // Most tests are not about the time of a refusal.
    settings.auth.refusal_step = Duration::ZERO;
    settings
}

impl Office {
    /// Opens an office without anybody in it.
    pub async fn open(on: On) -> Self {
        Self::open_with(on, |_| {}).await
    }

    /// Opens an office whose API is furnished otherwise.
    pub async fn open_with(on: On, furnish: impl FnOnce(&mut ApiValues)) -> Self {
        let start = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap();
        Self::furnished(Keep::open(on).await, start, vec![AuditKey::make(&SystemRng)], settings(), furnish).await
    }

    /// Opens an office with a time zone, at a moment.
    pub async fn open_in_zone(on: On, zone: chrono_tz::Tz, at: Time) -> Self {
        let settings = Settings { time_zone: zone, ..settings() };
        Self::furnished(Keep::open(on).await, at, vec![AuditKey::make(&SystemRng)], settings, |_| {}).await
    }

    /// Opens an office on a record that is there, at a moment, with keys that sign its checkpoints.
    pub async fn open_in(keep: Keep, at: Time, keys: Vec<AuditKey>) -> Self {
        Self::furnished(keep, at, keys, settings(), |_| {}).await
    }

    async fn furnished(
        keep: Keep,
        start: Time,
        keys: Vec<AuditKey>,
        settings: Settings,
        furnish: impl FnOnce(&mut ApiValues),
    ) -> Self {
        let store: Arc<dyn Store> = match &keep {
            Keep::Directory(dir) => {
                let store = store_sqlite::SqliteStore::open(dir.path(), store_sqlite::SqliteOptions::default());
                Arc::new(store.await.unwrap())
            }
            Keep::Database(database) => {
                // Deadlines are tried on the binary; here a machine that is busy for a second fails no story.
                let deadline = Duration::from_secs(15);
                let patient = store_pg::PgOptions {
                    acquire_wait: deadline,
                    connect: deadline,
                    point: deadline,
                    spatial: deadline,
                    write: deadline,
                    ..store_pg::PgOptions::default()
                };
                Arc::new(store_pg::PgStore::connect(&database.url, patient).await.unwrap())
            }
        };
        store.migrate().await.unwrap();
        let service_token = Some(SERVICE_TOKEN.to_owned());
        // Nobody records there: figures belong to a process, and are tried on the binary.
        let metrics = Some(metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle());
        let mut values = ApiValues { service_token, metrics, ..ApiValues::clone(&ApiSettings::default()) };
        furnish(&mut values);
        Self::with(store, keep, ApiSettings::new(values), start, keys, settings).await
    }

    /// Opens an office where refused sign-ins are answered at multiples of `step`.
    pub async fn open_with_refusals_by(on: On, step: Duration) -> Self {
        let start = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap();
        let (keep, keys) = (Keep::open(on).await, vec![AuditKey::make(&SystemRng)]);
        let mut settings = settings();
        settings.auth.refusal_step = step;
        Self::furnished(keep, start, keys, settings, |_| {}).await
    }

    async fn with(
        store: Arc<dyn Store>,
        keep: Keep,
        api: ApiSettings,
        start: Time,
        keys: Vec<AuditKey>,
        settings: Settings,
    ) -> Self {
        let clock = Arc::new(TestClock(Mutex::new(start)));
        let audit_keys = Arc::new(Mutex::new(keys));
        let cx = Context::new(Parts {
            store,
            bus: Bus::memory(),
            clock: clock.clone(),
            rng: Arc::new(SystemRng),
            keys: KeyRing::new(&[SECRET.to_owned()], settings.issuer()).unwrap(),
            hasher: Hasher::new(CpuPool::new(2, 1024).unwrap()).unwrap(),
            reports: ReportDesk::new(CpuPool::new(2, 64).unwrap()),
            // Nothing is remembered, so that a test sees each change at once.
            principals: Principals::new(Duration::ZERO),
            settings,
            audit: AuditDesk::new(SharedKeys(audit_keys.clone())),
            freed_officers: app::dispatch::FreedOfficers::default(),
            screens: app::presence::LiveScreens::default(),
        });
        let tasks = Tasks::new();
        let hub = api.hub.clone();
        let (office, sockets) = (cx.clone(), hub.clone());
        hub.begins_at(app::events::head(&cx).await.unwrap());
        tasks.supervise("event-log", move |stop| {
            let (cx, hub) = (office.clone(), sockets.clone());
            async move {
                app::events::follow(cx.clone(), stop, hub.at(), |at, logged| hub.tell(&cx, at, logged)).await;
            }
        });
        api::keep_sockets(&tasks, &cx, &hub);
        let door = api::door(cx.clone(), api);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let listener = Arc::new(Mutex::new(Some(listener)));
        tasks.supervise("http", move |stop: CancellationToken| {
            let (listener, door) = (listener.lock().unwrap().take(), door.clone());
            async move {
                let Some(listener) = listener else { return stop.cancelled().await };
                let connections = Group::new();
                let limits = ServeLimits::default();
                tokio::select! {
                    () = api::serve(listener, door, limits, None, connections.clone()) => {}
                    () = stop.cancelled() => {}
                }
                connections.cut().await;
            }
        });
        Self { cx, clock, url, tasks, audit_keys, data: keep }
    }

    /// A connection to the record that goes past the program.
    pub async fn intruder(&self) -> Intruder {
        match &self.data {
            Keep::Directory(dir) => Intruder::in_directory(dir.path()).await,
            Keep::Database(database) => Intruder::in_database(&database.url).await,
        }
    }

    /// Where it listens, `http://…`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Somebody without a token.
    pub fn stranger(&self) -> Person {
        Person::new(self.url.clone())
    }

    /// A signed-in user of some level.
    pub async fn user(&self, level: Level) -> Person {
        let user = self.member(level).await;
        let mut person = self.stranger();
        person.user = Some(user.id);
        person.signs_in(user.email.unwrap().reveal(), PASSWORD).await;
        person
    }

    /// The same user, signed in once more.
    pub async fn signs_in_again(&self, person: &Person) -> Person {
        let user = self.cx.store.read().await.unwrap().users().by_id(person.user.unwrap()).await.unwrap().unwrap();
        let mut again = person.clone();
        again.signs_in(user.email.unwrap().reveal(), PASSWORD).await.ok();
        again
    }

    /// A signed-in level 2.
    pub async fn supervisor(&self) -> Person {
        self.user(Level::Supervisor).await
    }

    /// A signed-in level 3.
    pub async fn administrator(&self) -> Person {
        self.user(Level::Administrator).await
    }

    /// A signed-in officer who stands somewhere, free.
    pub async fn officer_at(&self, lat: f64, lng: f64) -> Person {
        let mut person = self.user(Level::Officer).await;
        let id = self.makes_officer(person.user.unwrap()).await;
        self.stands(id, lat, lng).await;
        person.officer = Some(id);
        person
    }

    /// A stored user, not signed in.
    pub async fn member(&self, level: Level) -> User {
        let n = uuid::Uuid::new_v4().simple().to_string();
        let input = app::user::NewUserInput {
            email: Email::try_from(format!("{}@prueba.gad", &n[..12])).ok(),
            password: Password::try_from(PASSWORD.to_owned()).ok(),
            given_name: Name::try_from("Prueba".to_owned()).unwrap(),
            family_name: Name::try_from(format!("Número {}", &n[..4])).ok(),
            dni: Dni::try_from(n[..12].to_owned()).ok(),
            phone: None,
            telegram: None,
            level,
            verified: true,
        };
        app::user::create(&self.cx, &Actor::operator("prueba".to_owned(), "prueba"), input).await.unwrap()
    }

    /// Gives a user a Telegram account, as the code of the bot does.
    pub async fn links(&self, user: UserId, telegram: i64) {
        let mut tx = self.cx.store.write().await.unwrap();
        let mut user = tx.users().lock(user).await.unwrap().unwrap();
        user.telegram = Some(domain::TelegramId(telegram));
        tx.users().save(&user).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A stored user who does not sign in, made without the work of a password.
    pub async fn bare_member(&self) -> UserId {
        let new = bare_user(self.clock.now());
        let mut tx = self.cx.store.write().await.unwrap();
        let user = tx.users().insert(&new, None).await.unwrap();
        tx.commit().await.unwrap();
        user.id
    }

    /// Makes an officer of a user.
    pub async fn makes_officer(&self, user: UserId) -> OfficerId {
        let new = bare_officer(user, format!("EF-{user}"), self.clock.now());
        let mut tx = self.cx.store.write().await.unwrap();
        let officer = tx.officers().insert(&new).await.unwrap();
        tx.commit().await.unwrap();
        officer.id
    }

    /// Notes where an officer stands at this moment.
    pub async fn stands(&self, officer: OfficerId, lat: f64, lng: f64) {
        let now = self.clock.now();
        let point = Point::new(lat, lng).unwrap();
        let position =
            Position { officer, point, accuracy_m: None, measured_at: now, received_at: now, reported_by: None };
        let mut tx = self.cx.store.write().await.unwrap();
        tx.positions().record(&[position]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Where its record is.
    pub fn data(&self) -> &Keep {
        &self.data
    }

    /// Ends the office and leaves its record to others.
    pub async fn ends_only(self) {
        self.tasks.shutdown(Duration::from_secs(5)).await;
        self.cx.store.close().await;
    }

    /// Ends the office, in which no call may have lost its owner.
    pub async fn closes(self) {
        // Some stories end with a database that does not answer.
        if let Ok(mut tx) = self.cx.store.read().await
            && let Ok(unattended) = tx.dispatch().unattended(10).await
        {
            assert_eq!(unattended, [], "emergencies with neither an officer nor a place in the queue");
        }
        self.tasks.shutdown(Duration::from_secs(5)).await;
        self.cx.store.close().await;
        if let Keep::Database(database) = self.data {
            database.drop().await;
        }
    }
}

/// An officer (level 1) who does not sign in.
pub fn bare_user(at: Time) -> NewUser {
    NewUser {
        uuid: uuid::Uuid::new_v4(),
        dni: None,
        given_name: Name::try_from("Prueba".to_owned()).unwrap(),
        family_name: None,
        email: None,
        phone: None,
        telegram: None,
        level: Level::Officer,
        verified: true,
        extra: JsonObject::new(),
        created_at: at,
    }
}

/// An available officer of a user.
pub fn bare_officer(user: UserId, code: String, at: Time) -> NewOfficer {
    NewOfficer {
        uuid: uuid::Uuid::new_v4(),
        user,
        internal_code: InternalCode::try_from(code).unwrap(),
        rank: None,
        unit: None,
        specialty: None,
        availability: Availability::Available,
        metadata: JsonObject::new(),
        created_at: at,
    }
}

/// All that happened in an office, in order.
pub async fn logged(office: &Office) -> Vec<domain::event::Logged> {
    office.cx.store.sequence(10_000).await.unwrap();
    office.cx.store.read().await.unwrap().event_log().after(0, 10_000).await.unwrap().events
}

/// Holds a conversation on both stores.
#[macro_export]
macro_rules! conversations {
    ($($name:ident,)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let office = $crate::office::Office::open($crate::office::On::Sqlite).await;
                super::$name(&office).await;
                office.closes().await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let office = $crate::office::Office::open($crate::office::On::Postgres).await;
                super::$name(&office).await;
                office.closes().await;
            })+
        }
    };
}

/// Databases of their own on the server that `cargo xtask test` starts.
pub mod database {
    use sqlx::{AssertSqlSafe, Connection, PgConnection};

    pub struct Private {
        pub url: String,
        server: String,
        name: String,
    }

    impl Private {
        pub async fn create() -> Self {
            let server = std::env::var("GAD_TEST_POSTGRES_URL")
                .expect("GAD_TEST_POSTGRES_URL names a PostgreSQL with PostGIS; `cargo xtask test` starts one");
            let name = format!("gad_it_{}", uuid::Uuid::new_v4().simple());
            let mut conn = PgConnection::connect(&server).await.unwrap();
            let template: bool =
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'template_gad')")
                    .fetch_one(&mut conn)
                    .await
                    .unwrap();
            let from = if template { " TEMPLATE template_gad" } else { "" };
            sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}{from}"))).execute(&mut conn).await.unwrap();
            let mut url = url::Url::parse(&server).unwrap();
            url.set_path(&name);
            Self { url: url.into(), server, name }
        }

        /// The same database for another office; it is removed with this one.
        pub fn shared(&self) -> Self {
            Self { url: self.url.clone(), server: self.server.clone(), name: self.name.clone() }
        }

        /// Another database with the same content; nobody may be connected to this one.
        pub async fn copied(&self) -> Self {
            let name = format!("gad_it_{}", uuid::Uuid::new_v4().simple());
            let mut conn = PgConnection::connect(&self.server).await.unwrap();
            let create = format!("CREATE DATABASE {name} TEMPLATE {}", self.name);
            sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut conn).await.unwrap();
            let mut url = url::Url::parse(&self.server).unwrap();
            url.set_path(&name);
            Self { url: url.into(), server: self.server.clone(), name }
        }

        /// Runs a statement of the test's own.
        pub async fn execute(&self, statement: impl sqlx::SqlSafeStr) {
            let mut conn = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(statement).execute(&mut conn).await.unwrap();
        }

        pub async fn drop(self) {
            let mut conn = PgConnection::connect(&self.server).await.unwrap();
            let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
            sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut conn).await.unwrap();
        }
    }
}
