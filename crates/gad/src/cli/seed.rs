//! `gad seed --demo`: an office to look at. Everything in it is marked as demo data.

use anyhow::{Context as _, Result, anyhow, bail};
use app::Context;
use app::auth::{PasswordOwner, check_password};
use chrono::TimeDelta;
use clap::Args;
use domain::officer::{InternalCode, NewOfficer, Unit};
use domain::personal::{Dni, Email, Name};
use domain::task::{NewTask, Title};
use domain::user::{NewUser, Password};
use domain::{
    Availability, JsonObject, Level, OfficerId, Point, Position, Priority, Rng as _, Task, TaskCode, TaskId, TaskKind,
    TaskState, Time, UserId,
};
use indicatif::{ProgressBar, ProgressStyle};
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt, SeedableRng};
use store::import::Imported;
use store::{Page, Tx};
use uuid::Uuid;

use crate::clock::SystemRng;
use crate::compose;
use crate::config::Settings;
use crate::out;

/// What to fill the office with.
#[derive(Args)]
pub struct Options {
    /// Marked demo data: the only kind there is.
    #[arg(long, required = true)]
    demo: bool,
    /// The same number gives the same office.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Password of all demo log-ins; made up and printed once when absent.
    #[arg(long)]
    password: Option<String>,
    /// Users at desks.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(2..=1000))]
    users: i64,
    /// Officers in the street.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(i64).range(0..=200_000))]
    officers: i64,
    /// Tasks.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(0..=1_000_000))]
    tasks: i64,
}

/// Rows of one transaction.
const BATCH: i64 = 500;
/// One officer, and one task, of so many is at work.
const APART: i64 = 20;
/// So many tasks fill a screen.
const MOST_GOING_ON: i64 = 25;
/// Plaza de Mayo, Buenos Aires.
const CENTRE: (f64, f64) = (-34.6083, -58.3712);

impl Options {
    /// Tasks that are going on, so that there is something to see.
    fn going_on(&self) -> i64 {
        (self.officers / APART).min(self.tasks / APART).min(MOST_GOING_ON)
    }

    /// Whether the officer of number `n` is on one of them.
    fn is_on_task(&self, n: i64) -> bool {
        n % APART == 1 && n / APART < self.going_on()
    }

    /// Which officer, counted from 0, is on the task of number `n`; none when it is not going on.
    fn on_task(&self, n: i64) -> Option<usize> {
        let which = self.tasks - n;
        (which < self.going_on()).then(|| usize::try_from(which * APART).unwrap_or_default())
    }
}

struct Demo {
    chance: StdRng,
    now: Time,
    password_hash: String,
}

/// Fills an empty office.
pub async fn seed(settings: &Settings, options: Options) -> Result<()> {
    let store = compose::store(settings, false).await?;
    let (cx, _pool) = compose::office(settings, store.clone()).await?;
    let someone = cx.store.read().await?.users().by_id(UserId(1)).await?;
    let task = cx.store.read().await?.tasks().list(&store::task::TaskFilter::default(), Page::first(1)).await?;
    if !task.is_empty() || someone.is_some_and(|user| user.extra.contains_key("demo")) {
        bail!("the office is not empty: demo data goes only into a new one");
    }
    let password = options.password.clone().unwrap_or_else(made_up_password);
    let valid = Password::try_from(password.clone()).map_err(|error| anyhow!("--password {error}"))?;
    let admin = Email::try_from("admin@demo.gad".to_owned())?;
    let owner = PasswordOwner { email: Some(&admin), ..PasswordOwner::default() };
    check_password(&cx, &valid, &owner).await.map_err(super::user::named).context("--password")?;
    let mut demo = Demo {
        chance: StdRng::seed_from_u64(options.seed),
        now: cx.clock.now(),
        password_hash: cx.hasher.hash(&valid).await?,
    };
    let bar = ProgressBar::new((options.users + 2 * options.officers + options.tasks).unsigned_abs());
    bar.set_style(ProgressStyle::with_template("{msg:12} {bar:40} {pos}/{len} {elapsed}")?);
    let desks = demo.desks(&cx, &options, &bar).await?;
    let officers = demo.street(&cx, &options, &bar).await?;
    demo.work(&cx, &options, &bar, &desks, &officers).await?;
    bar.finish_and_clear();
    out::line(format_args!(
        "demo office made: {} users, {} officers, {} tasks",
        options.users, options.officers, options.tasks
    ))?;
    out::line(format_args!(
        "log in as admin@demo.gad, supervisor@demo.gad or efectivo@demo.gad with the password {password}"
    ))?;
    store.close().await;
    Ok(())
}

fn made_up_password() -> String {
    let mut bytes = [0; 9];
    SystemRng.fill(&mut bytes);
    hex::encode(bytes)
}

fn mark() -> JsonObject {
    JsonObject::from_iter([("demo".to_owned(), true.into())])
}

impl Demo {
    fn uuid(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.chance.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    fn place(&mut self) -> Result<Point> {
        let lat = CENTRE.0 + self.chance.random_range(-0.09..0.09);
        let lng = CENTRE.1 + self.chance.random_range(-0.14..0.05);
        Ok(Point::new(lat, lng)?)
    }

    async fn user(&mut self, tx: &mut dyn Tx, n: i64, email: String, kind: &str, level: Level) -> Result<UserId> {
        let new = NewUser {
            uuid: self.uuid(),
            dni: Some(Dni::try_from(format!("DEMO{n:07}"))?),
            given_name: Name::try_from("Demo".to_owned())?,
            family_name: Some(Name::try_from(format!("{kind} {n}"))?),
            email: Some(Email::try_from(email)?),
            phone: None,
            telegram: None,
            level,
            verified: true,
            extra: mark(),
            created_at: self.now,
        };
        Ok(tx.users().insert(&new, Some(&self.password_hash)).await?.id)
    }

    /// Administrators and supervisors.
    async fn desks(&mut self, cx: &Context, options: &Options, bar: &ProgressBar) -> Result<Vec<UserId>> {
        bar.set_message("users");
        let mut tx = cx.store.write().await?;
        let mut desks = Vec::new();
        for n in 1..=options.users {
            let (email, kind, level) = match n {
                1 => ("admin@demo.gad".to_owned(), "Administración", Level::Administrator),
                2 => ("supervisor@demo.gad".to_owned(), "Supervisión", Level::Supervisor),
                n => (format!("supervisor{n}@demo.gad"), "Supervisión", Level::Supervisor),
            };
            desks.push(self.user(&mut *tx, n, email, kind, level).await?);
            bar.inc(1);
        }
        tx.commit().await?;
        Ok(desks)
    }

    /// Officers, each with a user and a position.
    async fn street(&mut self, cx: &Context, options: &Options, bar: &ProgressBar) -> Result<Vec<OfficerId>> {
        bar.set_message("officers");
        let mut officers = Vec::new();
        let mut next = 1;
        while next <= options.officers {
            let mut tx = cx.store.write().await?;
            let mut positions = Vec::new();
            for n in next..(next + BATCH).min(options.officers + 1) {
                let email = if n == 1 { "efectivo@demo.gad".to_owned() } else { format!("efectivo{n}@demo.gad") };
                let user = self.user(&mut *tx, options.users + n, email, "Efectivo", Level::Officer).await?;
                let availability = match self.chance.random_range(0..10) {
                    0 => Availability::OutOfService,
                    1 => Availability::Unavailable,
                    _ => Availability::Available,
                };
                let availability = if options.is_on_task(n) { Availability::OnTask } else { availability };
                let new = NewOfficer {
                    uuid: self.uuid(),
                    user,
                    internal_code: InternalCode::try_from(format!("EF-{n:05}"))?,
                    rank: None,
                    unit: Some(Unit::try_from(format!("Demo Unidad {}", n % 5 + 1))?),
                    specialty: None,
                    availability,
                    metadata: mark(),
                    created_at: self.now,
                };
                let id = tx.officers().insert(&new).await?.id;
                let age = TimeDelta::seconds(self.chance.random_range(0..600));
                let measured_at = self.now - age;
                let (point, received_at) = (self.place()?, self.now);
                positions.push(Position {
                    officer: id,
                    point,
                    accuracy_m: Some(12.0),
                    measured_at,
                    received_at,
                    reported_by: None,
                });
                officers.push(id);
                bar.inc(2);
            }
            tx.positions().record(&positions).await?;
            tx.commit().await?;
            next += BATCH;
        }
        Ok(officers)
    }

    /// Tasks of the last thirty days, most of them done.
    async fn work(
        &mut self,
        cx: &Context,
        options: &Options,
        bar: &ProgressBar,
        desks: &[UserId],
        officers: &[OfficerId],
    ) -> Result<()> {
        bar.set_message("tasks");
        let mut next = 1;
        while next <= options.tasks {
            let mut tx = cx.store.write().await?;
            for n in next..(next + BATCH).min(options.tasks + 1) {
                let (task, history) = self.task(n, options.on_task(n), desks, officers)?;
                let code = task.code.clone();
                if tx.import().task(&task).await.with_context(|| format!("task {code}"))? == Imported::Present {
                    bail!("the office is not empty: a task has the number {n}");
                }
                for entry in history {
                    tx.history().push(&entry).await?;
                }
                bar.inc(1);
            }
            tx.import().finish().await?;
            tx.commit().await?;
            next += BATCH;
        }
        Ok(())
    }

    fn task(
        &mut self,
        n: i64,
        on_task: Option<usize>,
        desks: &[UserId],
        officers: &[OfficerId],
    ) -> Result<(Task, Vec<domain::history::HistoryEntry>)> {
        const WHAT: [&str; 5] =
            ["Recorrer el sector", "Verificar alarma", "Acompañar operativo", "Relevar cámara", "Entregar citación"];
        let age = if on_task.is_some() { 60..180 } else { 60..43_200 };
        let made = self.now - TimeDelta::minutes(self.chance.random_range(age));
        let delegate = desks[self.chance.random_range(1..desks.len())];
        let new = NewTask {
            uuid: self.uuid(),
            code: TaskCode::try_from(format!("DEMO-{n:06}"))?,
            title: Title::try_from(format!("{} (demo)", WHAT[self.chance.random_range(0..WHAT.len())]))?,
            description: None,
            kind: TaskKind::ALL[self.chance.random_range(0..TaskKind::ALL.len())],
            priority: Priority::ALL[self.chance.random_range(0..5)],
            scheduled_start: made + TimeDelta::minutes(30),
            scheduled_end: Some(made + TimeDelta::minutes(self.chance.random_range(60..300))),
            delegate,
            creator: delegate,
            location: Some(self.place()?),
            location_description: None,
            awaits_officer: false,
            emergency: false,
            dispatch_from: None,
            extra: mark(),
            created_at: made,
        };
        let mut task = new.into_task(TaskId(n));
        let mut history = vec![entry(&task, None, made)];
        let states: &[TaskState] = match self.chance.random_range(0..10) {
            _ if on_task.is_some() => &[TaskState::InProgress],
            0 => &[],
            1 => &[TaskState::Cancelled],
            2 => &[TaskState::InProgress, TaskState::Paused, TaskState::InProgress, TaskState::Finished],
            _ => &[TaskState::InProgress, TaskState::Finished],
        };
        let mut at = made;
        for &to in states {
            at += TimeDelta::minutes(self.chance.random_range(5..60));
            let from = task.state;
            task = task.transition(to, at)?;
            history.push(entry(&task, Some(from), at));
        }
        if !officers.is_empty() {
            let which = self.chance.random_range(0..officers.len());
            task.officers = vec![officers[on_task.unwrap_or(which)]];
        }
        Ok((task, history))
    }
}

fn entry(task: &Task, from: Option<TaskState>, at: Time) -> domain::history::HistoryEntry {
    let reason = from.map(|from| domain::history::default_reason(Some(from), task.state).to_owned());
    domain::history::HistoryEntry {
        task: task.id,
        from,
        to: task.state,
        by: Some(task.delegate),
        on_behalf_of: None,
        reason,
        at,
    }
}
