//! Random histories of an office on both stores: after every step, and one pass of what runs in the
//! background, the invariants of dispatch hold.
//!
//! The reference model is the sequence of steps; what must hold is computed from the record by rules
//! that are written here a second time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use app::assignment::StepInput;
use app::dispatch::{EmergencyCall, FreedOfficers};
use app::task::{NewTaskInput, Response, Sent, TaskChange};
use app::{Actor, Context, Error, Identity, Parts, Request, Settings};
use bus::Bus;
use chrono::TimeDelta;
use domain::dispatch::{Criteria, Exclusion};
use domain::officer::OfficerEdit;
use domain::task::{TaskEdit, Title};
use domain::telegram::Chat;
use domain::user::{NewUser, UserEdit};
use domain::{
    Assignment, AssignmentId, AssignmentKind, AssignmentState, Availability, Channel, ChatId, JsonObject, Level,
    OfficerId, Point, Position, Priority, Task, TaskCode, TaskId, TaskKind, TaskState, TelegramId, Time, UserId,
};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use resilience::CpuPool;
use store::officer::OfficerFilter;
use store::{Page, Store, Tx};
use tokio::runtime::Runtime;

use crate::office::database::Private;
use crate::office::{On, SECRET, SystemRng, TestClock, bare_officer, bare_user};

/// Cases in the normal run; `GAD_ACCEPTANCE_CASES` sets another number.
const CASES: u32 = 12;
/// Officers at the beginning.
const OFFICERS: usize = 5;
/// Most rows that a check reads.
const ALL: u32 = 10_000;

/// One step of a history. Numbers choose among what there is, so that a shorter history stays one.
#[derive(Debug, Clone)]
enum Move {
    /// A call for help by an officer, or by the supervisor.
    Raise {
        by: Option<u8>,
        place: u8,
    },
    /// A call for which the supervisor chooses the officer.
    RaiseChosen {
        officer: u8,
        place: u8,
        force: bool,
    },
    /// A task for later or for now.
    Plan {
        officer: Option<u8>,
        place: u8,
        in_minutes: u8,
    },
    /// What an officer answers to an open assignment, or now and then to any task.
    Answer {
        officer: u8,
        pick: u8,
        what: Answered,
    },
    /// A step that the supervisor, or the officer, reports of any assignment.
    Report {
        pick: u8,
        state: AssignmentState,
        own: bool,
    },
    /// A change of state by the supervisor, or by the first officer of the task.
    SetState {
        pick: u8,
        to: TaskState,
        own: bool,
    },
    /// The end of a task by its code, by its first officer.
    Finish {
        pick: u8,
    },
    /// A change of who is sent.
    Send {
        pick: u8,
        officer: u8,
        how: How,
        force: bool,
    },
    /// A new programmed start.
    Postpone {
        pick: u8,
        minutes: u8,
    },
    DeleteTask {
        pick: u8,
    },
    DeleteOfficer {
        officer: u8,
    },
    DeleteUser {
        officer: u8,
    },
    SetVerified {
        officer: u8,
        verified: bool,
    },
    Unlink {
        officer: u8,
    },
    Block {
        officer: u8,
    },
    SetAvailability {
        officer: u8,
        to: Availability,
        own: bool,
    },
    Stand {
        officer: u8,
        place: u8,
        accuracy_m: u16,
    },
    Hire {
        place: u8,
    },
    Undo {
        officer: u8,
    },
    Take {
        pick: u8,
    },
    /// Time goes by, and what is due happens.
    Wait {
        seconds: u16,
    },
    /// Another process goes on with the same record.
    Restart,
}

#[derive(Debug, Clone, Copy)]
enum Answered {
    Accept,
    EnRoute,
    Arrive,
    Decline,
}

#[derive(Debug, Clone, Copy)]
enum How {
    Exactly,
    Also,
    Without,
}

fn moves() -> BoxedStrategy<Move> {
    let n = any::<u8>;
    let state = prop::sample::select(vec![
        AssignmentState::Notified,
        AssignmentState::Accepted,
        AssignmentState::EnRoute,
        AssignmentState::OnScene,
        AssignmentState::Cleared,
        AssignmentState::Declined,
    ]);
    let to = prop::sample::select(vec![
        TaskState::InProgress,
        TaskState::InProgress,
        TaskState::Paused,
        TaskState::Paused,
        TaskState::Cancelled,
        TaskState::Finished,
    ]);
    let what = prop::sample::select(vec![
        Answered::Accept,
        Answered::Accept,
        Answered::EnRoute,
        Answered::Arrive,
        Answered::Decline,
        Answered::Decline,
    ]);
    let availability =
        prop::sample::select(vec![Availability::Available, Availability::OutOfService, Availability::Unavailable]);
    let how = prop::sample::select(vec![How::Exactly, How::Also, How::Without]);
    let seconds = prop::sample::select(vec![1_u16, 30, 61, 61, 61, 61, 61, 125, 200, 301, 1000]);
    prop_oneof![
        6 => (prop::option::of(n()), n()).prop_map(|(by, place)| Move::Raise { by, place }),
        1 => (n(), n(), any::<bool>()).prop_map(|(officer, place, force)| Move::RaiseChosen { officer, place, force }),
        2 => (prop::option::of(n()), n(), n())
            .prop_map(|(officer, place, in_minutes)| Move::Plan { officer, place, in_minutes }),
        10 => (n(), n(), what).prop_map(|(officer, pick, what)| Move::Answer { officer, pick, what }),
        4 => (n(), state, any::<bool>()).prop_map(|(pick, state, own)| Move::Report { pick, state, own }),
        4 => (n(), to, any::<bool>()).prop_map(|(pick, to, own)| Move::SetState { pick, to, own }),
        2 => n().prop_map(|pick| Move::Finish { pick }),
        4 => (n(), n(), how, any::<bool>())
            .prop_map(|(pick, officer, how, force)| Move::Send { pick, officer, how, force }),
        1 => (n(), n()).prop_map(|(pick, minutes)| Move::Postpone { pick, minutes }),
        1 => n().prop_map(|pick| Move::DeleteTask { pick }),
        1 => n().prop_map(|officer| Move::DeleteOfficer { officer }),
        1 => n().prop_map(|officer| Move::DeleteUser { officer }),
        2 => (n(), any::<bool>()).prop_map(|(officer, verified)| Move::SetVerified { officer, verified }),
        1 => n().prop_map(|officer| Move::Unlink { officer }),
        1 => n().prop_map(|officer| Move::Block { officer }),
        5 => (n(), availability, any::<bool>())
            .prop_map(|(officer, to, own)| Move::SetAvailability { officer, to, own }),
        6 => (n(), n(), prop::sample::select(vec![5_u16, 5, 5, 5000]))
            .prop_map(|(officer, place, accuracy_m)| Move::Stand { officer, place, accuracy_m }),
        2 => n().prop_map(|place| Move::Hire { place }),
        1 => n().prop_map(|officer| Move::Undo { officer }),
        1 => n().prop_map(|pick| Move::Take { pick }),
        8 => seconds.prop_map(|seconds| Move::Wait { seconds }),
        1 => Just(Move::Restart),
    ]
    .boxed()
}

/// The reference: how many steps were taken.
#[derive(Debug)]
struct History;

impl ReferenceStateMachine for History {
    type State = usize;
    type Transition = Move;

    fn init_state() -> BoxedStrategy<usize> {
        Just(0).boxed()
    }

    fn transitions(_: &usize) -> BoxedStrategy<Move> {
        moves()
    }

    fn apply(taken: usize, _: &Move) -> usize {
        taken + 1
    }
}

/// An empty office from which that of each case is copied.
enum Template {
    Directory(tempfile::TempDir),
    Database(Private),
}

/// The record of one case.
enum Record {
    Directory(tempfile::TempDir),
    Database(Private),
}

async fn open(record: &Record) -> Arc<dyn Store> {
    match record {
        Record::Directory(dir) => open_directory(dir.path()).await,
        Record::Database(database) => {
            Arc::new(store_pg::PgStore::connect(&database.url, store_pg::PgOptions::default()).await.unwrap())
        }
    }
}

async fn open_directory(dir: &Path) -> Arc<dyn Store> {
    Arc::new(store_sqlite::SqliteStore::open(dir, store_sqlite::SqliteOptions::default()).await.unwrap())
}

impl Template {
    async fn make(on: On) -> Self {
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

    async fn copied(&self) -> Record {
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

thread_local! {
    /// Runtime and template of the test that runs on this thread.
    static BED: std::cell::RefCell<Option<(Arc<Runtime>, Arc<Template>)>> = const { std::cell::RefCell::new(None) };
    static COUNTS: std::cell::RefCell<Counts> = std::cell::RefCell::new(Counts::default());
}

/// What the cases did, for the figures.
#[derive(Debug, Default, Clone)]
struct Counts {
    cases: u64,
    steps: u64,
    refused: u64,
    accepted: u64,
    dispatched: u64,
    escalated: u64,
    waited: u64,
}

/// The office of one case.
struct City {
    runtime: Arc<Runtime>,
    record: Option<Record>,
    cx: Context,
    clock: Arc<TestClock>,
    supervisor: UserId,
    administrator: UserId,
    officers: Vec<(OfficerId, UserId)>,
    tasks: Vec<TaskId>,
    seen: BTreeMap<TaskId, Task>,
    told: BTreeMap<TaskId, Task>,
    offset: i64,
    log: Vec<String>,
}

fn parts(store: Arc<dyn Store>, clock: Arc<TestClock>) -> Context {
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

struct NoKeys;

impl app::audit::AuditKeys for NoKeys {
    fn read(&self) -> Result<Vec<domain::audit::AuditKey>, store::BoxError> {
        Ok(Vec::new())
    }
}

/// Six places: four in a row of 700 m steps, one 30 km and one 200 km away.
fn place(n: u8) -> Point {
    let lat = match n % 8 {
        6 => -34.33,
        7 => -32.80,
        n => -34.60 + f64::from(n % 6) * 0.006,
    };
    Point::new(lat, -58.38).unwrap()
}

fn actor(id: UserId, level: Level, officer: Option<OfficerId>) -> Actor {
    let identity = Identity::User { id, level, telegram: None, officer, session: None };
    let request = Request { id: uuid::Uuid::new_v4().to_string(), ..Request::default() };
    Actor::new(identity, Arc::new(request))
}

async fn add_user(tx: &mut dyn Tx, level: Level, telegram: Option<TelegramId>, now: Time) -> UserId {
    let new = NewUser { level, telegram, ..bare_user(now) };
    tx.users().insert(&new, None).await.unwrap().id
}

impl City {
    async fn found(runtime: Arc<Runtime>, record: Record) -> Self {
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

    fn now(&self) -> Time {
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

    fn supervisor(&self) -> Actor {
        actor(self.supervisor, Level::Supervisor, None)
    }

    fn administrator(&self) -> Actor {
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
    async fn moves(&mut self, step: Move) {
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
    async fn pass(&self) {
        app::dispatch::release_departed(&self.cx).await.unwrap();
        let escalated = app::dispatch::escalate_due(&self.cx).await.unwrap();
        let sent = app::dispatch::assign_waiting(&self.cx).await.unwrap();
        COUNTS.with_borrow_mut(|counts| {
            counts.escalated += escalated as u64;
            counts.dispatched += sent as u64;
        });
    }

    async fn holds(&mut self) {
        let problems = self.problems().await;
        assert!(problems.is_empty(), "{}\nafter\n{}", problems.join("\n"), self.log.join("\n"));
    }

    /// Everything that does not hold.
    #[expect(clippy::too_many_lines, reason = "one paragraph for each invariant")]
    async fn problems(&mut self) -> Vec<String> {
        let now = self.now();
        let mut problems = Vec::new();
        self.cx.store.sequence(ALL).await.unwrap();
        let mut tx = self.cx.store.read().await.unwrap();
        let lost = tx.dispatch().unattended(ALL).await.unwrap();
        if !lost.is_empty() {
            problems.push(format!("calls without an officer that do not wait: {lost:?}"));
        }
        problems.extend(tx.invariants().violations().await.unwrap().iter().map(|row| format!("violated: {row:?}")));
        let rows = tx.assignments().of_tasks(&self.tasks).await.unwrap();
        let officers = tx.officers().list(&OfficerFilter::default(), Page::first(500)).await.unwrap();
        let mut inactive = BTreeSet::new();
        for officer in &officers {
            if !tx.users().by_id(officer.user).await.unwrap().is_some_and(|user| user.is_active()) {
                inactive.insert(officer.id);
            }
        }
        let mut tasks = BTreeMap::new();
        for id in &self.tasks {
            if let Some(task) = tx.tasks().by_id(*id).await.unwrap() {
                tasks.insert(task.id, task);
            }
        }
        check_rows(&rows, &tasks, &mut problems);
        let alive: BTreeSet<OfficerId> = officers.iter().map(|officer| officer.id).collect();
        for row in rows.iter().filter(|row| row.is_open()) {
            if !alive.contains(&row.officer) || inactive.contains(&row.officer) {
                problems.push(format!("task {} names officer {} who has left: {row:?}", row.task, row.officer));
            }
        }
        let mut active: BTreeMap<OfficerId, Vec<TaskId>> = BTreeMap::new();
        let mut busy = BTreeSet::new();
        for task in tasks.values().filter(|task| task.state.holds_officers()) {
            for officer in &task.officers {
                busy.insert(*officer);
                if task.state == TaskState::InProgress {
                    active.entry(*officer).or_default().push(task.id);
                }
            }
        }
        for (officer, held) in active.iter().filter(|(_, held)| held.len() > 1) {
            problems.push(format!("officer {officer} has several active tasks: {held:?}"));
        }
        for officer in &officers {
            if (officer.availability == Availability::OnTask) != busy.contains(&officer.id) {
                problems.push(format!(
                    "officer {} is {:?}, busy: {}",
                    officer.id,
                    officer.availability,
                    !busy.contains(&officer.id)
                ));
            }
        }
        for task in tasks.values().filter(|task| !task.state.is_final()) {
            let own: Vec<&Assignment> = rows.iter().filter(|row| row.task == task.id).collect();
            let runs = |row: &&Assignment| {
                row.holds_officer() && row.state.is_unanswered() && row.runs_from.is_some_and(|from| from <= now)
            };
            let state = tx.dispatch().state(task.id).await.unwrap();
            if own.iter().any(runs) && state.as_ref().is_none_or(|state| state.due_at.is_none()) {
                problems.push(format!("task {}: unanswered, and nothing is due: {own:?} {state:?}", task.id));
            }
            if task.awaits_officer && task.dispatch_from.is_none_or(|from| from <= now) {
                let criteria = self.criteria(&mut *tx, task, &own).await;
                let around = tx.geo().officers_around(criteria.point, criteria.radius_m, 500).await.unwrap();
                for idle in around.iter().filter(|nearby| nearby.exclusion(&criteria, now).is_none()) {
                    problems.push(format!("officer {} is idle beside the waiting call {}", idle.officer.id, task.id));
                }
            }
        }
        // What followers of the log see is what is stored, and no version shows two contents.
        loop {
            let events = tx.event_log().after(self.offset, 500).await.unwrap().events;
            let Some(last) = events.last() else { break };
            self.offset = last.offset;
            for logged in &events {
                if let Some(task) = logged.event.task() {
                    if let Some(before) = self.told.get(&task.id)
                        && before.version > task.version
                    {
                        let kind = logged.event.kind();
                        problems.push(format!("{kind:?} of task {} is older than the event before", task.id));
                    }
                    self.told.insert(task.id, task.clone());
                }
            }
        }
        for task in tasks.values() {
            match self.told.get(&task.id) {
                Some(told) if told == task => {}
                told => problems.push(format!("the last event of task {} differs:\n{told:?}\n{task:?}", task.id)),
            }
            if let Some(before) = self.seen.insert(task.id, task.clone())
                && before.version == task.version
                && before != *task
            {
                problems.push(format!(
                    "version {} of task {} shows two contents:\n{before:?}\n{task:?}",
                    task.version, task.id
                ));
            }
        }
        problems
    }

    /// Who may be sent to a task, by the rules of the office written once more.
    async fn criteria(&self, tx: &mut dyn Tx, task: &Task, rows: &[&Assignment]) -> Criteria {
        let settings = &self.cx.settings.dispatch;
        let around = Criteria::around(task.location.unwrap(), settings.radius_m, settings.max_position_age);
        let mut barred = BTreeMap::new();
        for row in rows {
            let was_accepted = row.reached_at(AssignmentState::Accepted).is_some();
            let by_person = row.steps.last().is_some_and(|last| last.by.is_some());
            if row.is_open() {
                barred.insert(row.officer, Exclusion::AlreadySent);
            } else if row.state == AssignmentState::Declined || by_person {
                barred.insert(row.officer, Exclusion::Declined);
            } else if !was_accepted && row.reached_at(AssignmentState::Expired).is_some() {
                barred.insert(row.officer, Exclusion::LetExpire);
            }
        }
        if let Some(caller) = tx.officers().by_user(task.creator).await.unwrap() {
            barred.insert(caller.id, Exclusion::Caller);
        }
        Criteria { max_accuracy_m: settings.max_accuracy_m, barred, ..around }
    }

    async fn end(&mut self) {
        self.cx.store.close().await;
        if let Some(Record::Database(database)) = self.record.take() {
            database.drop().await;
        }
    }
}

fn check_rows(rows: &[Assignment], tasks: &BTreeMap<TaskId, Task>, problems: &mut Vec<String>) {
    for row in rows {
        if !row.steps.is_sorted_by_key(|step| step.at) {
            problems.push(format!("times go back: {row:?}"));
        }
        if row.steps.last().is_some_and(|last| last.state != row.state && last.state != AssignmentState::Notified) {
            problems.push(format!("state and last step differ: {row:?}"));
        }
        let is_over = tasks.get(&row.task).is_none_or(|task| task.state.is_final());
        if is_over && row.is_open() {
            problems.push(format!("open assignment of a task that is over: {row:?}"));
        }
    }
    for task in tasks.values().filter(|task| !task.state.is_final()) {
        let mut held: Vec<OfficerId> =
            rows.iter().filter(|row| row.task == task.id && row.holds_officer()).map(|row| row.officer).collect();
        held.sort_unstable();
        if held != task.officers {
            problems.push(format!("task {}: sent {:?}, assignments of {held:?}", task.id, task.officers));
        }
        let open = |row: &&Assignment| row.task == task.id && row.is_open() && row.kind == AssignmentKind::Offer;
        if rows.iter().filter(open).any(|row| task.officers.contains(&row.officer)) {
            problems.push(format!("task {}: an officer who is sent has an offer too", task.id));
        }
        if task.emergency && task.awaits_officer != task.officers.is_empty() {
            problems.push(format!("task {}: waits {}, officers {:?}", task.id, task.awaits_officer, task.officers));
        }
        if !task.is_legal() {
            problems.push(format!("task {} is not legal: {task:?}", task.id));
        }
    }
}

struct CityTest;

impl StateMachineTest for CityTest {
    type SystemUnderTest = City;
    type Reference = History;

    fn init_test(_: &usize) -> City {
        COUNTS.with_borrow_mut(|counts| counts.cases += 1);
        let (runtime, template) = BED.with_borrow(Clone::clone).unwrap();
        runtime.block_on(async { City::found(runtime.clone(), template.copied().await).await })
    }

    fn apply(mut city: City, _: &usize, step: Move) -> City {
        COUNTS.with_borrow_mut(|counts| counts.steps += 1);
        let runtime = city.runtime.clone();
        runtime.block_on(async {
            city.moves(step).await;
            city.pass().await;
            city.holds().await;
        });
        city
    }

    fn teardown(mut city: City, _: usize) {
        let runtime = city.runtime.clone();
        runtime.block_on(city.end());
    }
}

fn histories(on: On, name: &str) {
    let begun = Instant::now();
    let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
    let template = Arc::new(runtime.block_on(Template::make(on)));
    BED.set(Some((runtime.clone(), template.clone())));
    let chosen: Option<u32> = std::env::var("GAD_ACCEPTANCE_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: chosen.unwrap_or(CASES),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    // The normal run takes the same histories each time; the long one takes new ones.
    let rng = match chosen {
        Some(_) => TestRng::from_seed(RngAlgorithm::ChaCha, &seed()),
        None => TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    };
    let mut runner = TestRunner::new_with_rng(config.clone(), rng);
    let strategy = History::sequential_strategy(10..40);
    let outcome = runner.run(&strategy, |(initial, transitions, seen)| {
        CityTest::test_sequential(config.clone(), initial, transitions, seen);
        Ok(())
    });
    BED.set(None);
    if let Some(Template::Database(database)) = Arc::into_inner(template) {
        runtime.block_on(database.drop());
    }
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let counts = COUNTS.with_borrow(Counts::clone);
    let seconds = begun.elapsed().as_secs_f64();
    let summary = format!("{} histories, {} steps on {name}", counts.cases, counts.steps);
    println!("{summary} in {seconds:.1} s: {counts:?}");
    crate::acceptance::append(&serde_json::json!({
        "store": name, "cases": counts.cases, "steps": counts.steps, "refused": counts.refused,
        "answered": counts.accepted, "dispatched": counts.dispatched, "escalated": counts.escalated,
        "raised_waiting": counts.waited, "seconds": seconds, "summary": summary,
    }));
}

fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    domain::Rng::fill(&SystemRng, &mut seed);
    println!("seed {seed:?}");
    seed
}

#[test]
fn histories_keep_the_invariants_on_sqlite() {
    histories(On::Sqlite, "sqlite");
}

#[test]
fn histories_keep_the_invariants_on_postgres() {
    histories(On::Postgres, "postgres");
}
