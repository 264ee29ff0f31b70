//! What happens when what the office stands on gives way: it refuses clearly, loses nothing that
//! it acknowledged, and goes on by itself when it can.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::{Duration, Instant};

use evaluation::relay::Relay;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::binary::{Place, Server};
use crate::office::database;
use crate::person::{Answer, Person};

fn task(person: &Person, code: &str) -> Value {
    json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje", "descripcion": "d".repeat(900),
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": person.user.unwrap().0 })
}

async fn makes(person: &Person, code: &str) -> Answer {
    person.posts("/api/v1/tasks/", task(person, code)).await
}

async fn codes(person: &Person) -> BTreeSet<String> {
    let tasks = person.gets("/api/v1/tasks/?limit=500").await.ok();
    tasks.as_array().unwrap().iter().map(|task| task["codigo"].as_str().unwrap().to_owned()).collect()
}

/// Writes until there is no room at all.
fn fills(path: &std::path::Path) {
    let mut file = std::fs::File::create(path).unwrap();
    for size in [1 << 20, 1 << 12, 1] {
        let block = vec![0; size];
        while file.write_all(&block).is_ok() {}
    }
}

async fn full_and_then_not(server: Server, fills: impl AsyncFn(&Server), makes_room: impl AsyncFn(&Server)) {
    let supervisor = server.supervisor().await;
    let mut acknowledged = BTreeSet::new();
    makes(&supervisor, "ANTES").await.ok();
    acknowledged.insert("ANTES".to_owned());
    fills(&server).await;
    // What the log has room for is still taken.
    let mut refused = None;
    for n in 0..400 {
        let code = format!("LLENO-{n}");
        let answer = makes(&supervisor, &code).await;
        if answer.status == 200 {
            acknowledged.insert(code);
        } else {
            refused = Some((code, answer));
            break;
        }
    }
    let (code, answer) = refused.expect("without room a change is refused sooner or later");
    assert_eq!(answer.refusal(), "507 No queda espacio para guardar el cambio; nada fue modificado");
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(codes(&supervisor).await, acknowledged, "reads go on");
    assert_eq!(supervisor.gets("/api/v1/health/live").await.status, 200);
    let ready = supervisor.gets("/health/ready").await;
    assert_eq!((ready.status, &ready.body["checks"]["database"]), (200, &json!("error: no space")), "{}", ready.text);
    makes_room(&server).await;
    makes(&supervisor, &code).await.ok();
    assert_eq!(supervisor.gets("/health/ready").await.body["checks"]["database"], "ok");
    acknowledged.insert(code);
    assert_eq!(codes(&supervisor).await, acknowledged);
    assert!(server.ends().await);
}

async fn no_file_may_grow(dir: &std::path::Path) {
    let place = Place::directory(dir);
    place.hires().await;
    let server = place.serves_under_limits().await;
    let fills = async |server: &Server| server.limits_files(Some(4096)).await;
    full_and_then_not(server, fills, async |server: &Server| server.limits_files(None).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_changes_clearly_and_loses_none() {
    let dir = tempfile::tempdir().unwrap();
    let may_mount = Command::new("unshare").args(["-rm", "true"]).status().await.is_ok_and(|status| status.success());
    if !may_mount {
        println!("this machine lets nobody mount: files that may not grow stand for the full disk");
        return no_file_may_grow(dir.path()).await;
    }
    let filler = |server: &Server| server.sees(dir.path()).join("filler");
    let server = Place::serves_on_a_disk_of(16, dir.path()).await;
    let makes_room = async |server: &Server| std::fs::remove_file(filler(server)).unwrap();
    full_and_then_not(server, async |server: &Server| fills(&filler(server)), makes_room).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_on_files_refuses_changes_clearly_and_loses_none() {
    no_file_may_grow(tempfile::tempdir().unwrap().path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_without_its_postgres_says_so_and_comes_back_by_itself() {
    let database = database::Private::create().await;
    let mut url = url::Url::parse(&database.url).unwrap();
    let relay = Relay::to(format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432))).await.unwrap();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(relay.port)).unwrap();
    let place = Place::database(url.as_str());
    place.hires().await;
    let server = place.serves().await;
    let supervisor = server.supervisor().await;
    let mut acknowledged = BTreeSet::new();
    makes(&supervisor, "ANTES").await.ok();
    acknowledged.insert("ANTES".to_owned());
    relay.cuts();
    for n in 0..10 {
        let began = Instant::now();
        let code = format!("CORTE-{n}");
        for answer in [makes(&supervisor, &code).await, supervisor.gets("/api/v1/tasks/").await] {
            assert_eq!(answer.refusal(), "503 Servicio no disponible por el momento; intente de nuevo");
            assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
        }
        assert!(began.elapsed() < Duration::from_secs(10), "nobody waits for long: {:?}", began.elapsed());
    }
    assert_eq!(supervisor.gets("/api/v1/health/live").await.status, 200);
    assert_eq!(supervisor.gets("/api/v1/health/ready").await.status, 503);
    relay.mends();
    let again = supervisor.posts_patiently("/api/v1/tasks/", task(&supervisor, "DESPUES"));
    tokio::time::timeout(Duration::from_secs(30), again).await.expect("it comes back by itself").ok();
    acknowledged.insert("DESPUES".to_owned());
    assert_eq!(codes(&supervisor).await, acknowledged);
    assert!(server.ends().await);
    drop(relay);
    database.drop().await;
}

async fn is_refused(place: &Place) {
    let output = place.gad(&["serve", "--listen", "127.0.0.1:0"]).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("9999") && !said.contains("panicked"), "{said}");
}

const LATER: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
    VALUES (9999, 'later', true, '\\x00', 0)";

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_a_newer_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let file = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
    let file = file.into_iter().find(|path| path.extension().is_some_and(|end| end == "db")).unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query(LATER).execute(&mut connection).await.unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    is_refused(&place).await;
    let database = database::Private::create().await;
    let place = Place::database(&database.url);
    place.hires().await;
    database.execute(LATER).await;
    is_refused(&place).await;
    database.drop().await;
}
