//! A thousand calls wait of which one can be served: it is served at once, by the real process.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::officer::NewOfficer;
use domain::task::NewTask;
use domain::task::Title;
use domain::{
    Availability, JsonObject, OfficerId, Point, Position, Priority, TaskCode, TaskId, TaskKind, Time, UserId,
};
use serde_json::json;
use store::{Store, Tx};

use crate::keep::Keep;
use crate::office::{On, bare_officer, bare_user};
use crate::person::Person;

/// How long a servable call may wait after an officer became free.
const LIMIT: Duration = Duration::from_secs(2);

/// The record of a place, opened past the program while no process serves it.
pub async fn open(keep: &Keep) -> Box<dyn Store> {
    let store: Box<dyn Store> = match keep {
        Keep::Directory(dir) => {
            let options = store_sqlite::SqliteOptions::default();
            Box::new(store_sqlite::SqliteStore::open(dir.path(), options).await.unwrap())
        }
        Keep::Database(database) => {
            Box::new(store_pg::PgStore::connect(&database.url, store_pg::PgOptions::default()).await.unwrap())
        }
    };
    store.migrate().await.unwrap();
    store
}

/// The time of the binary under test, which has the machine's clock.
fn real_now() -> Time {
    domain::to_micros(chrono::DateTime::from(std::time::SystemTime::now()))
}

/// Adds an officer with a user who does not sign in.
pub async fn add_officer(tx: &mut dyn Tx, code: &str, point: Point, availability: Availability) -> (OfficerId, UserId) {
    let now: Time = real_now();
    let user = tx.users().insert(&bare_user(now), None).await.unwrap().id;
    let officer = NewOfficer { availability, ..bare_officer(user, code.to_owned(), now) };
    let officer = tx.officers().insert(&officer).await.unwrap().id;
    let position =
        Position { officer, point, accuracy_m: Some(5.0), measured_at: now, received_at: now, reported_by: None };
    tx.positions().record(&[position]).await.unwrap();
    (officer, user)
}

async fn add_waiting(tx: &mut dyn Tx, n: usize, creator: UserId, point: Point, at: Time) -> TaskId {
    let new = NewTask {
        uuid: uuid::Uuid::new_v4(),
        code: TaskCode::stored(format!("EMG-20261130-{n:06}")),
        title: Title::try_from(format!("Emergencia {n}")).unwrap(),
        description: None,
        kind: TaskKind::Intervention,
        priority: Priority::Critical,
        scheduled_start: at,
        scheduled_end: None,
        delegate: creator,
        creator,
        location: Some(point),
        location_description: None,
        awaits_officer: true,
        emergency: true,
        dispatch_from: None,
        extra: JsonObject::new(),
        created_at: at,
    };
    tx.tasks().insert(&new).await.unwrap().id
}

async fn waits_until_sent(supervisor: &Person, task: TaskId, officer: OfficerId) -> Duration {
    let begun = Instant::now();
    loop {
        let found = supervisor.gets(&format!("/api/v1/tasks/{task}")).await.ok();
        if found["efectivos_asignados"] == json!([officer.0]) {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "not sent: {found}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Half of the calls that cannot be served are far from all officers; the others are near the one who
/// becomes free, who raised them.
///
/// With `elsewhere`, the officer becomes free at a process that serves no queue.
async fn the_one_that_can_be_served_is(on: On, elsewhere: bool) {
    let _alone = crate::replica::alone().await;
    let keep = Keep::open(on).await;
    let place = keep.place();
    place.hires().await;
    let here = Point::new(-34.60, -58.38).unwrap();
    let (servable, officer) = {
        let store = open(&keep).await;
        let mut tx = store.write().await.unwrap();
        let (officer, caller) = add_officer(&mut *tx, "EF-1", here, Availability::Unavailable).await;
        let (_, other) = add_officer(&mut *tx, "EF-2", here, Availability::OutOfService).await;
        let start = real_now() - TimeDelta::minutes(30);
        for n in 0..999_usize {
            let share = f64::from(u32::try_from(n).unwrap()) * 1e-5;
            let (creator, lat) = if n % 2 == 0 { (other, 10.0 + share) } else { (caller, -34.60 + share) };
            let at = start + TimeDelta::seconds(i64::try_from(n).unwrap());
            add_waiting(&mut *tx, n, creator, Point::new(lat, -58.38).unwrap(), at).await;
        }
        let servable = add_waiting(&mut *tx, 999, other, Point::new(-34.65, -58.38).unwrap(), real_now()).await;
        tx.commit().await.unwrap();
        store.close().await;
        (servable, officer)
    };
    let server = place.serves().await;
    let supervisor = server.supervisor().await;
    let other = if elsewhere {
        Some(place.serves_by(&["serve", "--listen", "127.0.0.1:0", "--roles", "api"]).await)
    } else {
        None
    };
    let there = other.as_ref().map_or(supervisor.clone(), |other| supervisor.at(&other.url));
    let path = format!("/api/v1/efectivos/{officer}");
    there.puts(&path, json!({ "estado_disponibilidad": "disponible" })).await.ok();
    let taken = waits_until_sent(&supervisor, servable, officer).await;
    println!("the servable of 1000 waiting calls was dispatched after {:.0} ms", taken.as_secs_f64() * 1e3);
    assert!(taken < LIMIT, "{taken:?}");
    if let Some(other) = other {
        assert!(other.ends().await);
    }
    assert!(server.ends().await);
    keep.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_servable_among_a_thousand_waiting_calls_is_dispatched_at_once_on_sqlite() {
    the_one_that_can_be_served_is(On::Sqlite, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_servable_among_a_thousand_waiting_calls_is_dispatched_at_once_on_postgres() {
    the_one_that_can_be_served_is(On::Postgres, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_freed_at_a_process_without_a_queue_is_dispatched_at_once_on_postgres() {
    the_one_that_can_be_served_is(On::Postgres, true).await;
}
