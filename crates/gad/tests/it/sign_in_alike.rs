//! A refused sign-in tells nothing of the account: not by its answer, its statements or its time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::auth::{Credentials, login};
use domain::Level;
use domain::session::Platform;
use resilience::Spent;

use crate::office::{Office, On};

/// Addresses of an account of ours, of one that was imported, and of none.
async fn accounts(office: &Office) -> [(&'static str, String); 3] {
    let own = office.member(Level::Officer).await.email.unwrap().reveal().to_owned();
    let imported = office.member(Level::Officer).await;
    // What GRUPO_GAD kept, at the least cost: the time is that of the step, whatever it costs.
    let hash = "$2b$04$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    let mut tx = office.cx.store.write().await.unwrap();
    tx.users().set_password_hash(imported.id, hash, office.cx.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let imported = imported.email.unwrap().reveal().to_owned();
    [("own", own), ("imported", imported), ("unknown", "nadie@prueba.gad".to_owned())]
}

async fn statements_are_equally_many(on: On) {
    let office = Office::open(on).await;
    let mut seen = Vec::new();
    for (kind, email) in accounts(&office).await {
        let request = Arc::new(app::Request { ip: Some("192.0.2.1".parse().unwrap()), ..Default::default() });
        let credentials = Credentials {
            username: email,
            password: "otra clave larga".to_owned().into(),
            platform: Platform::Api,
            devices: Vec::new(),
        };
        let (refused, spent) = Spent::by(login(&office.cx, &request, credentials)).await;
        assert!(matches!(refused, Err(app::Error::LoginRefused { retry_after: None })), "{kind}: {:?}", refused.err());
        seen.push((kind, spent.queries));
    }
    assert!(seen[0].1 > 5 && seen.iter().all(|(_, queries)| *queries == seen[0].1), "{seen:?}");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_equally_many_on_sqlite() {
    statements_are_equally_many(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_equally_many_on_postgres() {
    statements_are_equally_many(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_is_that_of_the_step_and_not_that_of_the_hash() {
    const STEP: Duration = Duration::from_secs(4);
    let office = Office::open_with_refusals_by(On::Sqlite, STEP).await;
    let stranger = office.stranger();
    let mut answers = Vec::new();
    for (kind, email) in accounts(&office).await {
        let begun = Instant::now();
        let answer = stranger.tries_to_sign_in(&email, "otra clave larga").await;
        assert!(begun.elapsed() >= STEP, "{kind} after {:?}", begun.elapsed());
        assert!(begun.elapsed() < STEP * 2, "{kind} after {:?}", begun.elapsed());
        answers.push((answer.refusal(), answer.header("retry-after").to_owned()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    office.closes().await;
}
