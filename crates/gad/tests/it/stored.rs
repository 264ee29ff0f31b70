//! Stored JSON that a program of another version wrote, or that is broken: readers pass over it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    events_that_cannot_be_read_are_passed_over,
    an_answer_that_cannot_be_read_is_a_conflict,
}

/// Events that this program cannot read, with their types: of an unknown variant, without a field,
/// with one of another type, of a newer version, with a number that is none here, and no object.
pub const UNREADABLE: [(&str, &str); 6] = [
    ("shift_began", r#"{"shift_began":{"v":1,"user":7}}"#),
    ("notification", r#"{"announcement":{"v":1,"group":"general","level":"info"}}"#),
    ("notification", r#"{"announcement":{"group":"general","level":"info","message":[]}}"#),
    ("notification", r#"{"announcement":{"v":2,"group":"general","level":"info","message":"Segunda"}}"#),
    ("notification", r#"{"announcement":{"v":1,"group":1e999,"level":"info","message":"Rota"}}"#),
    ("notification", "7"),
];

/// Events that it can: without version, and with fields that it does not know.
const READABLE: [&str; 2] = [
    r#"{"announcement":{"group":"general","level":"info","message":"Sin versión"}}"#,
    r#"{"announcement":{"v":1,"group":"general","level":"info","message":"Con más","later":{"x":[1]}}}"#,
];

async fn makes(person: &Person, code: &str) {
    let task = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": person.user.unwrap().0 });
    person.posts("/api/v1/tasks/", task).await.ok();
}

/// What is said of an event.
fn gist(event: &Value) -> String {
    let data = &event["data"];
    let said = data["content"].as_str().or(data["task_data"]["codigo"].as_str());
    said.unwrap_or_else(|| panic!("{event}")).to_owned()
}

/// What a screen sees, up to `last`.
async fn sees_until(screen: &mut crate::screen::Screen, last: &str) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        seen.push(gist(&screen.reads().await));
        if seen.last().is_some_and(|seen| seen == last) {
            return seen;
        }
    }
}

async fn events_that_cannot_be_read_are_passed_over(office: &Office) {
    let supervisor = office.supervisor().await;
    office.cx.store.sequence(10_000).await.unwrap();
    let mut intruder = office.intruder().await;
    let page = supervisor.gets("/api/v1/eventos?limit=500").await.ok();
    let place = page["siguiente"].as_str().unwrap().to_owned();
    let mut screen = supervisor.opens_a_screen("").await;
    screen.reads_a("connection_ack").await;

    makes(&supervisor, "ANTES-1").await;
    for payload in READABLE {
        for (event_type, payload) in UNREADABLE {
            intruder.writes_an_event(event_type, payload).await;
        }
        intruder.writes_an_event("notification", payload).await;
    }
    makes(&supervisor, "ENTRE-1").await;
    for (event_type, payload) in UNREADABLE {
        intruder.writes_an_event(event_type, payload).await;
    }
    let expected = ["ANTES-1", "Sin versión", "Con más", "ENTRE-1", "DESPUES-1"];
    assert_eq!(sees_until(&mut screen, "ENTRE-1").await, expected[..4]);

    // In pages of every size, one of which holds only rows that cannot be read.
    for limit in [1, 2, 6, 500] {
        let (mut at, mut told) = (place.clone(), Vec::new());
        loop {
            let page = supervisor.gets(&format!("/api/v1/eventos?limit={limit}&desde={at}")).await.ok();
            assert_eq!(page["resync"], false);
            told.extend(page["eventos"].as_array().unwrap().iter().map(gist));
            page["siguiente"].as_str().unwrap().clone_into(&mut at);
            // The rows at the end have their place in the log only when it is read again.
            if page["al_dia"] == true && at.ends_with(&format!(":{}", end(office).await)) {
                break;
            }
        }
        assert_eq!(told, expected[..4], "pages of {limit}");
    }

    // A screen and a stream that come back hear what they missed and what comes, each once.
    let mut back = supervisor.opens_a_screen(&format!("desde={place}")).await;
    let request = supervisor.request(Method::GET, &format!("/api/v1/eventos?desde={place}"));
    let mut stream = request.header("accept", "text/event-stream").send().await.unwrap();
    makes(&supervisor, "DESPUES-1").await;
    back.reads_a("connection_ack").await;
    assert_eq!(sees_until(&mut back, "DESPUES-1").await, expected);
    assert_eq!(sees_until(&mut screen, "DESPUES-1").await, expected[4..]);
    let mut text = String::new();
    while !text.contains("DESPUES-1") {
        let part = tokio::time::timeout(Duration::from_secs(10), stream.chunk()).await;
        text.push_str(&String::from_utf8_lossy(&part.expect("a part in time").unwrap().expect("more to come")));
    }
    let data = text.lines().filter_map(|line| line.strip_prefix("data: ")).map(serde_json::from_str::<Value>);
    assert_eq!(data.map(|data| gist(&data.unwrap())).collect::<Vec<_>>(), expected);
}

/// Offset of the newest event, of all that were committed.
async fn end(office: &Office) -> i64 {
    office.cx.store.sequence(10_000).await.unwrap();
    app::events::head(&office.cx).await.unwrap().offset
}

async fn an_answer_that_cannot_be_read_is_a_conflict(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut intruder = office.intruder().await;
    let me = supervisor.user.unwrap().0;
    let body = json!({ "codigo": "UNICA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me });
    let asks = || {
        let request = supervisor.request(Method::POST, "/api/v1/tasks/").header("Idempotency-Key", "clave-1");
        supervisor.sends(request.json(&body))
    };
    let first = asks().await.ok();
    let stored = serde_json::to_string(&stored_answer(office, &mut intruder).await).unwrap();
    for (answer, is_read) in [
        (stored.replace(r#","v":1"#, ""), true),
        (stored.replacen('{', r#"{"later":[1],"#, 1), true),
        (stored.replace(r#""v":1"#, r#""v":2"#), false),
        (stored.replace(r#""title":"#, r#""heading":"#), false),
        (stored.replace(r#""awaits_officer":false"#, r#""awaits_officer":1e999"#), false),
        ("7".to_owned(), false),
        ("null".to_owned(), false),
    ] {
        intruder.does(&format!("UPDATE claves_idempotencia SET respuesta = '{answer}' WHERE clave = 'clave-1'")).await;
        let again = asks().await;
        if is_read {
            assert_eq!(again.ok(), first, "{answer}");
        } else {
            assert_eq!((again.status, &again.body["code"]), (409, &json!("answer_unreadable")), "{answer}");
        }
    }
    let tasks = supervisor.gets("/api/v1/tasks/?limit=500").await.ok();
    assert_eq!(tasks.as_array().unwrap().len(), 1, "carried out once");
}

/// The stored answer of the only request with a key, which made a task.
async fn stored_answer(office: &Office, intruder: &mut crate::intruder::Intruder) -> Value {
    let versioned = r#"SELECT count(*) FROM claves_idempotencia WHERE CAST(respuesta AS text) LIKE '%"v":%'"#;
    assert_eq!(intruder.numbers(versioned).await, [1]);
    let mut tx = office.cx.store.read().await.unwrap();
    let task = tx.tasks().by_code(&"UNICA-1".to_owned().try_into().unwrap()).await.unwrap().unwrap();
    domain::stored::to_value(&task).unwrap()
}
