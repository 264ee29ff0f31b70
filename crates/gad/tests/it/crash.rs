//! What was acknowledged is there afterwards, whatever happens to the process.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use futures::future::join_all;
use serde_json::json;

use crate::binary::{Place, Server};
use crate::office::database;

const WRITERS: usize = 8;
const WRITES_BEFORE_THE_KILL: usize = 40;

/// Writers make tasks until the server is killed; gives the codes that were acknowledged.
async fn written_until_killed(server: Server, round: usize) -> BTreeSet<String> {
    let supervisor = server.supervisor().await;
    let me = supervisor.user.unwrap().0;
    let acknowledged = Mutex::new(BTreeSet::new());
    let (enough, mut reached) = tokio::sync::watch::channel(0);
    let writers = join_all((0..WRITERS).map(|writer| {
        let (supervisor, acknowledged, enough) = (&supervisor, &acknowledged, &enough);
        async move {
            for n in 0.. {
                let code = format!("R{round}-{writer}-{n}");
                let body = json!({ "codigo": code, "titulo": "Bajo carga", "tipo": "patrullaje",
                    "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me });
                let request = supervisor.request(reqwest::Method::POST, "/api/v1/tasks/").json(&body);
                match request.send().await {
                    Ok(response) if response.status().is_success() => {
                        acknowledged.lock().unwrap().insert(code);
                        enough.send_modify(|count| *count += 1);
                    }
                    Ok(response) => panic!("{}", response.status()),
                    Err(_) => return,
                }
            }
        }
    }));
    let killer = async {
        reached.wait_for(|count| *count >= WRITES_BEFORE_THE_KILL).await.unwrap();
        server.dies().await;
    };
    tokio::time::timeout(Duration::from_secs(60), async { tokio::join!(writers, killer) }).await.unwrap();
    acknowledged.into_inner().unwrap()
}

async fn nothing_acknowledged_is_lost(place: &Place) {
    let mut acknowledged = BTreeSet::new();
    for round in 0..3 {
        acknowledged.extend(written_until_killed(place.serves().await, round).await);
    }
    let server = place.serves().await;
    let supervisor = server.supervisor().await;
    let mut found = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = supervisor.gets(&format!("/api/v1/tasks/?limit=500{cursor}")).await;
        cursor = format!("&cursor={}", page.header("x-next-cursor"));
        let last = page.header("x-next-cursor").is_empty();
        let tasks = page.ok();
        found.extend(tasks.as_array().unwrap().iter().map(|task| task["codigo"].as_str().unwrap().to_owned()));
        if last {
            break;
        }
    }
    let lost: Vec<&String> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty() && acknowledged.len() >= 3 * WRITES_BEFORE_THE_KILL, "{lost:?}");
    assert!(server.ends().await, "SIGTERM ends it well");
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_acknowledged_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    nothing_acknowledged_is_lost(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_acknowledged_on_postgres() {
    let database = database::Private::create().await;
    let place = Place::database(&database.url);
    place.hires().await;
    nothing_acknowledged_is_lost(&place).await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_do_not_share_a_directory() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let first = place.serves().await;
    let second = place.gad(&["serve", "--listen", "127.0.0.1:0", "--start-timeout", "0"]).output().await.unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success(), "{said}");
    let first_pid = std::fs::read_to_string(dir.path().join("gad.lock")).unwrap();
    let pid: String = first_pid.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    assert!(said.contains(&pid) && !said.contains("panicked"), "{said} names {pid}");
    assert!(first.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_database_is_named_without_its_password() {
    let place = Place::database("postgres://ana:muy-secreta@127.0.0.1:1/gad");
    let output = place.gad(&["serve", "--listen", "127.0.0.1:0", "--start-timeout", "0"]).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(said.contains("127.0.0.1:1") && !said.contains("muy-secreta") && !said.contains("panicked"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_postgres_share_fifty_officers_between_two_hundred_emergencies() {
    let database = database::Private::create().await;
    let place = Place::database(&database.url);
    place.hires().await;
    let seeded =
        place.gad(&["seed", "--demo", "--users", "5", "--officers", "50", "--tasks", "0"]).output().await.unwrap();
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
    database.execute("UPDATE efectivos SET estado_disponibilidad = 'disponible'").await;
    let (one, two) = (place.serves().await, place.serves().await);
    let people = [one.supervisor().await, two.supervisor().await];
    let calls = (0..200).map(|n| {
        let body = json!({ "telegram_id": 0, "lat": -34.6037, "lng": -58.3816 });
        people[n % 2].posts_patiently("/api/v1/tasks/emergency", body)
    });
    let answers: Vec<_> = join_all(calls).await.into_iter().map(crate::person::Answer::ok).collect();
    let assigned: Vec<i64> = answers.iter().filter_map(|answer| answer["assigned_efectivo_id"].as_i64()).collect();
    let distinct: BTreeSet<&i64> = assigned.iter().collect();
    let pending = answers.iter().filter(|answer| answer["status"] == "pending").count();
    assert_eq!((assigned.len(), distinct.len(), pending), (50, 50, 150));
    assert!(one.ends().await && two.ends().await);
    database.drop().await;
}
