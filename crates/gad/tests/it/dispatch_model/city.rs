//! The office of one case: its record, its people and how a step is carried out.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use app::assignment::StepInput;
use app::dispatch::{EmergencyCall, FreedOfficers};
use app::task::{NewTaskInput, Response, Sent, TaskChange};
use app::{Actor, Context, Error, Identity, Parts, Request, Settings};
use bus::Bus;
use chrono::TimeDelta;
use domain::officer::OfficerEdit;
use domain::task::{TaskEdit, Title};
use domain::telegram::Chat;
use domain::user::{NewUser, UserEdit};
use domain::{
    Assignment, AssignmentId, Channel, ChatId, JsonObject, Level, OfficerId, Point, Position, Priority, Task, TaskCode,
    TaskId, TaskKind, TelegramId, Time, UserId,
};
use resilience::CpuPool;
use store::{Store, Tx};
use tokio::runtime::Runtime;

use super::moves::{Answered, How, Move};
use super::{COUNTS, OFFICERS};
use crate::office::database::Private;
use crate::office::{On, SECRET, SystemRng, TestClock, bare_officer, bare_user};

/// An empty office from which that of each case is copied.
pub(super) enum Template {
    Directory(tempfile::TempDir),
    Database(Private),
}

/// The record of one case.
pub(super) enum Record {
    Directory(tempfile::TempDir),
    Database(Private),
}

pub(super) async fn open(record: &Record) -> Arc<dyn Store> {
    match record {
        Record::Directory(dir) => open_directory(dir.path()).await,
        Record::Database(database) => {
            Arc::new(store_pg::PgStore::connect(&database.url, store_pg::PgOptions::default()).await.unwrap())
        }
    }
}

pub(super) async fn open_directory(dir: &Path) -> Arc<dyn Store> {
    Arc::new(store_sqlite::SqliteStore::open(dir, store_sqlite::SqliteOptions::default()).await.unwrap())
}

impl Template {
    pub(super) async fn make(on: On) -> Self {
        match on {
            On::Sqlite => {
                let dir = tempfile::tempdir().unwrap();
                let store = open_directory(dir.path()).await;
                store.migrate().await.unwrap();
                store.close().await;
                Self::Directory(dir)
            }
            On::Postgres => {
                let database = Private::create().await;
                let options = store_pg::PgOptions::default();
                let store = store_pg::PgStore::connect(&database.url, options).await.unwrap();
                store.migrate().await.unwrap();
                store.close().await;
                Self::Database(database)
            }
        }
    }

    pub(super) async fn copied(&self) -> Record {
        match self {
            Self::Directory(from) => {
                let dir = tempfile::tempdir().unwrap();
                for entry in std::fs::read_dir(from.path()).unwrap() {
                    let entry = entry.unwrap();
                    if entry.file_name().to_string_lossy().starts_with(store_sqlite::DATABASE_FILE) {
                        std::fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
                    }
                }
                Record::Directory(dir)
            }
            Self::Database(database) => Record::Database(database.copied().await),
        }
    }
}

/// The office of one case.
pub(super) struct City {
    pub(super) runtime: Arc<Runtime>,
    pub(super) record: Option<Record>,
    pub(super) cx: Context,
    pub(super) clock: Arc<TestClock>,
    pub(super) supervisor: UserId,
    pub(super) administrator: UserId,
    pub(super) officers: Vec<(OfficerId, UserId)>,
    pub(super) tasks: Vec<TaskId>,
    pub(super) seen: BTreeMap<TaskId, Task>,
    pub(super) told: BTreeMap<TaskId, Task>,
    pub(super) offset: i64,
    pub(super) log: Vec<String>,
}

pub(super) fn parts(store: Arc<dyn Store>, clock: Arc<TestClock>) -> Context {
    let settings = Settings::default();
    Context::new(Parts {
        store,
        bus: Bus::memory(),
        clock,
        rng: Arc::new(SystemRng),
        keys: app::auth::KeyRing::new(&[SECRET.to_owned()], settings.issuer()).unwrap(),
        hasher: app::auth::Hasher::new(CpuPool::new(1, 16).unwrap()).unwrap(),
        reports: app::report::ReportDesk::new(CpuPool::new(1, 16).unwrap()),
        principals: app::auth::Principals::new(std::time::Duration::ZERO),
        settings,
        audit: app::audit::AuditDesk::new(NoKeys),
        freed_officers: FreedOfficers::default(),
        screens: app::presence::LiveScreens::default(),
    })
}

pub(super) struct NoKeys;

impl app::audit::AuditKeys for NoKeys {
    fn read(&self) -> Result<Vec<domain::audit::AuditKey>, store::BoxError> {
        Ok(Vec::new())
    }
}

/// Six places: four in a row of 700 m steps, one 30 km and one 200 km away.
pub(super) fn place(n: u8) -> Point {
    let lat = match n % 8 {
        6 => -34.33,
        7 => -32.80,
        n => -34.60 + f64::from(n % 6) * 0.006,
    };
    Point::new(lat, -58.38).unwrap()
}

pub(super) fn actor(id: UserId, level: Level, officer: Option<OfficerId>) -> Actor {
    let identity = Identity::User { id, level, telegram: None, officer, session: None };
    let request = Request { id: uuid::Uuid::new_v4().to_string(), ..Request::default() };
    Actor::new(identity, Arc::new(request))
}

pub(super) async fn add_user(tx: &mut dyn Tx, level: Level, telegram: Option<TelegramId>, now: Time) -> UserId {
    let new = NewUser { level, telegram, ..bare_user(now) };
    tx.users().insert(&new, None).await.unwrap().id
}

impl City {
    pub(super) async fn found(runtime: Arc<Runtime>, record: Record) -> Self {
        let clock = Arc::new(TestClock::at(chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap()));
        let cx = parts(open(&record).await, clock.clone());
        let now = domain::Clock::now(&*clock);
        let mut tx = cx.store.write().await.unwrap();
        let supervisor = add_user(&mut *tx, Level::Supervisor, None, now).await;
        let administrator = add_user(&mut *tx, Level::Administrator, None, now).await;
        tx.commit().await.unwrap();
        let mut city = Self {
            runtime,
            record: Some(record),
            cx,
            clock,
            supervisor,
            administrator,
            officers: Vec::new(),
            tasks: Vec::new(),
            seen: BTreeMap::new(),
            told: BTreeMap::new(),
            offset: 0,
            log: Vec::new(),
        };
        for n in 0..OFFICERS {
            city.hire(u8::try_from(n).unwrap()).await;
        }
        city
    }

    pub(super) fn now(&self) -> Time {
        self.cx.clock.now()
    }

    async fn hire(&mut self, n: u8) {
        let now = self.now();
        let mut tx = self.cx.store.write().await.unwrap();
        let number = i64::try_from(self.officers.len()).unwrap();
        // Every third cannot be reached.
        let telegram = (number % 3 != 2).then_some(TelegramId(7_000 + number));
        let user = add_user(&mut *tx, Level::Officer, telegram, now).await;
        let new = bare_officer(user, format!("EF-{number}"), now);
        let officer = tx.officers().insert(&new).await.unwrap().id;
        let position = Position {
            officer,
            point: place(n),
            accuracy_m: Some(5.0),
            measured_at: now,
            received_at: now,
            reported_by: None,
        };
        tx.positions().record(&[position]).await.unwrap();
        tx.commit().await.unwrap();
        self.officers.push((officer, user));
    }

    pub(super) fn supervisor(&self) -> Actor {
        actor(self.supervisor, Level::Supervisor, None)
    }

    pub(super) fn administrator(&self) -> Actor {
        actor(self.administrator, Level::Administrator, None)
    }

    fn officer(&self, n: u8) -> (OfficerId, UserId) {
        self.officers[usize::from(n) % self.officers.len()]
    }

    /// The actor that a token of this officer would give; `None` when the account is not active.
    async fn acting(&self, officer: OfficerId) -> Option<Actor> {
        let user = self.officers.iter().find(|(id, _)| *id == officer)?.1;
        let mut tx = self.cx.store.read().await.unwrap();
        let user = tx.users().by_id(user).await.unwrap().filter(domain::User::is_active)?;
        let officer = tx.officers().by_user(user.id).await.unwrap().map(|officer| officer.id);
        Some(actor(user.id, user.level, officer))
    }

    /// Unfinished tasks first, so that most steps meet something.
    async fn task(&self, pick: u8) -> Option<Task> {
        let mut tx = self.cx.store.read().await.unwrap();
        let mut open = Vec::new();
        let mut others = Vec::new();
        for id in &self.tasks {
            match tx.tasks().by_id(*id).await.unwrap() {
                Some(task) if task.state.is_final() => others.push(task),
                Some(task) => open.push(task),
                None => {}
            }
        }
        let of = if open.is_empty() || pick % 16 == 15 { others } else { open };
        (!of.is_empty()).then(|| of[usize::from(pick) % of.len()].clone())
    }

    async fn assignments(&self) -> Vec<Assignment> {
        self.cx.store.read().await.unwrap().assignments().of_tasks(&self.tasks).await.unwrap()
    }

    /// Takes one step. Refusals are part of the history; a defect of the program is not.
    pub(super) async fn moves(&mut self, step: Move) {
        self.log.push(format!("{step:?}"));
        let outcome = self.tries(step).await;
        let outcome = match outcome {
            Ok(()) => "done".to_owned(),
            Err(
                error @ (Error::Internal(_)
                | Error::Contention(_)
                | Error::Unavailable { .. }
                | Error::StorageFull(_)
                | Error::ReadOnly(_)
                | Error::Denied(_)
                | Error::UnreadableAnswer),
            ) => {
                let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                panic!("{error}: {source}\n{}", self.log.join("\n"))
            }
            Err(error) => {
                COUNTS.with_borrow_mut(|counts| counts.refused += 1);
                format!("refused: {error}")
            }
        };
        let last = self.log.last_mut().unwrap();
        last.push_str(" → ");
        last.push_str(&outcome);
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of move")]
    async fn tries(&mut self, step: Move) -> app::Result<()> {
        let cx = self.cx.clone();
        match step {
            Move::Raise { by, place: at } => {
                let caller = match by.map(|by| self.officer(by).0) {
                    Some(officer) => self.acting(officer).await,
                    None => Some(self.supervisor()),
                };
                let Some(caller) = caller else { return Ok(()) };
                let call = EmergencyCall {
                    point: place(at),
                    description: None,
                    officers: Vec::new(),
                    force: false,
                    called_at: None,
                    telegram: None,
                };
                let raised = app::dispatch::raise(&cx, &caller, call).await?;
                COUNTS.with_borrow_mut(|counts| match raised.assigned {
                    Some(_) => counts.dispatched += 1,
                    None => counts.waited += 1,
                });
                if !self.tasks.contains(&raised.task.id) {
                    self.tasks.push(raised.task.id);
                }
            }
            Move::RaiseChosen { officer, place: at, force } => {
                let officers = vec![self.officer(officer).0];
                let call = EmergencyCall {
                    point: place(at),
                    description: None,
                    officers,
                    force,
                    called_at: None,
                    telegram: None,
                };
                self.tasks.push(app::dispatch::raise(&cx, &self.supervisor(), call).await?.task.id);
            }
            Move::Plan { officer, place: at, in_minutes } => {
                let input = NewTaskInput {
                    code: TaskCode::stored(format!("T-{}", self.log.len())),
                    title: Title::try_from("Recorrer la plaza".to_owned()).unwrap(),
                    description: None,
                    kind: TaskKind::Patrol,
                    priority: Priority::Critical,
                    scheduled_start: self.now() + TimeDelta::minutes(i64::from(in_minutes % 120)),
                    scheduled_end: None,
                    delegate: self.supervisor,
                    creator: None,
                    location: Some(place(at)),
                    location_description: None,
                    officers: officer.map(|officer| self.officer(officer).0).into_iter().collect(),
                    force: false,
                    extra: JsonObject::new(),
                    alert: false,
                };
                self.tasks.push(app::task::create(&cx, &self.supervisor(), input).await?.id);
            }
            Move::Answer { officer, pick, what } => {
                let rows = self.assignments().await;
                let open: Vec<&Assignment> = rows.iter().filter(|row| row.is_open()).collect();
                let (officer, task) = match open.get(usize::from(pick) % open.len().max(1)) {
                    Some(row) if officer % 8 != 7 => (row.officer, Some(row.task)),
                    _ => (self.officer(officer).0, self.task(pick).await.map(|task| task.id)),
                };
                let Some(own) = self.acting(officer).await else { return Ok(()) };
                let Some(task) = task else { return Ok(()) };
                let response = match what {
                    Answered::Accept => Response::Accept,
                    Answered::EnRoute => Response::EnRoute,
                    Answered::Arrive => Response::Arrive,
                    Answered::Decline => Response::Decline { reason: "no puedo".to_owned() },
                };
                app::task::respond(&cx, &own, task, response).await?;
                COUNTS.with_borrow_mut(|counts| counts.accepted += 1);
            }
            Move::Report { pick, state, own } => {
                let rows = self.assignments().await;
                let open: Vec<&Assignment> = rows.iter().filter(|row| row.is_open() || pick % 8 == 7).collect();
                let Some(row) = open.get(usize::from(pick) % open.len().max(1)) else { return Ok(()) };
                let by = if own { self.acting(row.officer).await } else { Some(self.supervisor()) };
                let Some(by) = by else { return Ok(()) };
                let channel = (!own).then_some(Channel::Voice);
                let input = StepInput { state, channel, reason: Some("por radio".to_owned()) };
                app::assignment::advance(&cx, &by, AssignmentId(row.id.0), &input).await?;
            }
            Move::SetState { pick, to, own } => {
                let Some(task) = self.task(pick).await else { return Ok(()) };
                let by = match task.officers.first() {
                    Some(officer) if own => self.acting(*officer).await,
                    _ => Some(self.supervisor()),
                };
                let Some(by) = by else { return Ok(()) };
                let change = TaskChange { state: Some(to), ..TaskChange::default() };
                app::task::update(&cx, &by, task.id, change).await?;
            }
            Move::Finish { pick } => {
                let Some(task) = self.task(pick).await else { return Ok(()) };
                let by = match task.officers.first() {
                    Some(officer) => self.acting(*officer).await,
                    None => Some(self.supervisor()),
                };
                let Some(by) = by else { return Ok(()) };
                app::task::finish(&cx, &by, &task.code, None).await?;
            }
            Move::Send { pick, officer, how, force } => {
                let Some(task) = self.task(pick).await else { return Ok(()) };
                let officers = vec![self.officer(officer).0];
                let sent = match how {
                    How::Exactly => Sent::Exactly(if officer % 4 == 3 { Vec::new() } else { officers }),
                    How::Also => Sent::Also(officers),
                    How::Without => {
                        let held = task.officers.get(usize::from(officer) % task.officers.len().max(1));
                        Sent::Without(held.copied().into_iter().collect())
                    }
                };
                let change = TaskChange { officers: Some(sent), force, ..TaskChange::default() };
                app::task::update(&cx, &self.supervisor(), task.id, change).await?;
            }
            Move::Postpone { pick, minutes } => {
                let Some(task) = self.task(pick).await else { return Ok(()) };
                let start = self.now() + TimeDelta::minutes(i64::from(minutes % 120));
                let edit = TaskEdit { scheduled_start: Some(start), ..TaskEdit::default() };
                app::task::update(&cx, &self.supervisor(), task.id, TaskChange { edit, ..TaskChange::default() })
                    .await?;
            }
            Move::DeleteTask { pick } => {
                let Some(task) = self.task(pick).await else { return Ok(()) };
                app::task::delete(&cx, &self.administrator(), task.id, None).await?;
            }
            Move::DeleteOfficer { officer } => {
                app::officer::delete(&cx, &self.administrator(), self.officer(officer).0, None).await?;
            }
            Move::DeleteUser { officer } => {
                app::user::delete(&cx, &self.administrator(), self.officer(officer).1, None).await?;
            }
            Move::SetVerified { officer, verified } => {
                let edit = UserEdit { verified: Some(verified), ..UserEdit::default() };
                let change = app::user::UserChange { edit, ..app::user::UserChange::default() };
                app::user::update(&cx, &self.administrator(), self.officer(officer).1, change).await?;
            }
            Move::Unlink { officer } => {
                app::telegram::link::unlink(&cx, &self.administrator(), self.officer(officer).1).await?;
            }
            Move::Block { officer } => {
                let (officer, user) = self.officer(officer);
                let mut tx = cx.store.write().await.unwrap();
                let account = tx.users().by_id(user).await.unwrap().and_then(|user| user.telegram);
                if let Some(account) = account {
                    let now = self.now();
                    let chat = Chat { user: Some(user), blocked_at: Some(now), ..Chat::new(ChatId(account.0)) };
                    tx.chats().put(&chat).await.unwrap();
                }
                tx.commit().await.unwrap();
                app::dispatch::officer_unreachable(&cx, officer, "El efectivo bloqueó el bot").await?;
            }
            Move::SetAvailability { officer, to, own } => {
                let officer = self.officer(officer).0;
                let by = if own { self.acting(officer).await } else { Some(self.supervisor()) };
                let Some(by) = by else { return Ok(()) };
                let edit = OfficerEdit { availability: Some(to), ..OfficerEdit::default() };
                app::officer::update(&cx, &by, officer, edit, None).await?;
            }
            Move::Stand { officer, place: at, accuracy_m } => {
                let officer = self.officer(officer).0;
                let Some(own) = self.acting(officer).await else { return Ok(()) };
                let accuracy_m = Some(f64::from(accuracy_m));
                let report =
                    app::position::Report { index: 0, officer, point: place(at), accuracy_m, measured_at: None };
                app::position::report(&cx, &own, vec![report]).await?;
            }
            Move::Hire { place } => self.hire(place).await,
            Move::Undo { officer } => {
                let caller = self.officer(officer).1;
                let since = self.now() - TimeDelta::minutes(10);
                app::dispatch::undo_burst(&cx, &self.supervisor(), caller, since, "broma").await?;
            }
            Move::Take { pick } => {
                let Some(task) = self.task(pick).await else { return Ok(()) };
                app::dispatch::take(&cx, &self.supervisor(), task.id, pick % 2 == 0).await?;
            }
            Move::Wait { seconds } => self.clock.advance(TimeDelta::seconds(i64::from(seconds))),
            Move::Restart => {
                // Officers who were just freed are forgotten with the process.
                self.cx = parts(cx.store.clone(), self.clock.clone());
            }
        }
        Ok(())
    }

    /// What the background does within two seconds.
    pub(super) async fn pass(&self) {
        app::dispatch::release_departed(&self.cx).await.unwrap();
        let escalated = app::dispatch::escalate_due(&self.cx).await.unwrap();
        let sent = app::dispatch::assign_waiting(&self.cx).await.unwrap();
        COUNTS.with_borrow_mut(|counts| {
            counts.escalated += escalated as u64;
            counts.dispatched += sent as u64;
        });
    }

    pub(super) async fn holds(&mut self) {
        let problems = self.problems().await;
        assert!(problems.is_empty(), "{}\nafter\n{}", problems.join("\n"), self.log.join("\n"));
    }

    pub(super) async fn end(&mut self) {
        self.cx.store.close().await;
        if let Some(Record::Database(database)) = self.record.take() {
            database.drop().await;
        }
    }
}
