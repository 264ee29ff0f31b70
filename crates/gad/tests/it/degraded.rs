//! What still goes on while a part of the office does not.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::json;
use sqlx::{Connection, Executor, PgConnection};

use crate::binary::{Place, Server};
use crate::office::database::Private;
use crate::person::Person;

const NEAREST: &str = "/api/v1/efectivos/cercanos?lat=-34.6&lng=-58.4";

async fn on_postgres() -> (Private, Server, Person) {
    let database = Private::create().await;
    let place = Place::database(&database.url);
    place.hires().await;
    let server = place.serves().await;
    let boss = server.supervisor().await;
    (database, server, boss)
}

/// Until it ends, whoever asks where somebody is waits.
async fn holds_positions(database: &Private) -> PgConnection {
    holds(database, "BEGIN; LOCK TABLE posiciones_actuales IN ACCESS EXCLUSIVE MODE").await
}

async fn holds(database: &Private, lock: &'static str) -> PgConnection {
    let mut holder = PgConnection::connect(&database.url).await.unwrap();
    holder.execute(lock).await.unwrap();
    holder
}

fn task(boss: &Person, code: &str) -> serde_json::Value {
    json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": boss.user.unwrap().0 })
}

#[tokio::test(flavor = "multi_thread")]
async fn maps_that_hang_are_refused_and_dispatch_goes_on() {
    let (database, server, boss) = on_postgres().await;
    let holder = holds_positions(&database).await;
    let maps = join_all((0..100).map(|_| boss.gets(NEAREST)));
    let dispatch = async {
        for n in 0..10 {
            let begun = Instant::now();
            boss.posts("/api/v1/tasks/", task(&boss, &format!("SIGUE-{n}"))).await.ok();
            boss.gets("/api/v1/tasks/?limit=5").await.ok();
            assert!(begun.elapsed() < Duration::from_secs(2), "dispatch waits for no map: {:?}", begun.elapsed());
        }
    };
    let (maps, ()) = tokio::join!(maps, dispatch);
    for map in maps {
        assert_eq!(map.refusal(), "503 Servicio no disponible por el momento; intente de nuevo");
    }
    drop(holder);
    let well = async { while boss.gets(NEAREST).await.status != 200 {} };
    tokio::time::timeout(Duration::from_secs(10), well).await.expect("maps come back by themselves");
    assert!(server.ends().await);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_gets_through_where_nothing_else_does() {
    let (database, server, boss) = on_postgres().await;
    let made = boss.posts("/api/v1/tasks/", task(&boss, "CON-NOTAS")).await.ok();
    let holder = holds(&database, "BEGIN; LOCK TABLE notas_de_tarea IN ACCESS EXCLUSIVE MODE").await;
    let notes = format!("/api/v1/tasks/{}/notas", made["id"]);
    // Each hangs, and holds a connection, until it has taken too long; then its client tries again, so that
    // the connections stay in use until the emergency is answered.
    let is_answered = AtomicBool::new(false);
    let hanging = join_all((0..100).map(async |_| {
        let mut statuses = BTreeSet::from([boss.gets(&notes).await.status]);
        while !is_answered.load(Ordering::Relaxed) {
            statuses.insert(boss.gets(&notes).await.status);
        }
        statuses
    }));
    let meanwhile = async {
        let crowded = async { while boss.gets("/api/v1/tasks/?limit=5").await.status != 503 {} };
        tokio::time::timeout(Duration::from_secs(30), crowded).await.expect("all connections are in use");
        let call = json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.4 });
        let emergency = boss.posts("/api/v1/tasks/emergency", call).await;
        is_answered.store(true, Ordering::Relaxed);
        emergency
    };
    let (hung, emergency) = tokio::join!(hanging, meanwhile);
    assert!(hung.iter().all(|statuses| *statuses == BTreeSet::from([503])), "notes are out of reach: {hung:?}");
    assert_eq!(emergency.ok()["status"], "pending", "nobody is free, but it is on record");
    drop(holder);
    assert!(server.ends().await);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_who_hangs_up_gives_its_place_back() {
    let (database, server, boss) = on_postgres().await;
    let holder = holds_positions(&database).await;
    let in_hand = async |wanted: f64| {
        let reached = async {
            // Whoever looks is in hand, too.
            while server.stranger().figure("gad_admission_in_flight").await != Some(wanted + 1.0) {}
        };
        tokio::time::timeout(Duration::from_secs(10), reached).await.expect("so many are in hand");
    };
    let mut waiting: Vec<_> = (0..10).map(|_| Box::pin(boss.gets(NEAREST))).collect();
    tokio::select! {
        _ = futures::future::select_all(&mut waiting) => panic!("nobody is answered yet"),
        () = in_hand(10.0) => {}
    }
    // Before any of them is answered, all hang up.
    drop(waiting);
    in_hand(0.0).await;
    drop(holder);
    assert!(server.ends().await);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_open_no_breaker_and_keep_nobody_out() {
    let (database, server, boss) = on_postgres().await;
    boss.posts("/api/v1/tasks/", task(&boss, "UNICA")).await.ok();
    let stranger = server.stranger();
    for n in 0..100 {
        assert_eq!(boss.gets(&format!("/api/v1/tasks/{}", 900_000 + n)).await.status, 404);
        assert_eq!(boss.posts("/api/v1/tasks/", task(&boss, "UNICA")).await.status, 400, "the record refuses it");
        assert_eq!(boss.posts("/api/v1/tasks/", json!({ "codigo": n })).await.status, 422);
        assert_eq!(boss.gets("/api/v1/efectivos/cercanos?lat=99&lng=0").await.status, 422);
        assert_eq!(stranger.gets("/api/v1/tasks/").await.status, 401);
    }
    for state in ["gad_breaker_state{dependency=\"postgres\"}", "gad_retries_total{dependency=\"postgres\"}"] {
        assert_eq!(server.stranger().figure(state).await, Some(0.0), "{state}");
    }
    let answered = "gad_dependency_requests_total{dependency=\"postgres\",outcome=\"ok\"}";
    assert!(server.stranger().figure(answered).await.unwrap() > 100.0);
    let again = server.supervisor().await;
    again.posts("/api/v1/tasks/", task(&again, "OTRA")).await.ok();
    assert!(server.ends().await);
    database.drop().await;
}
