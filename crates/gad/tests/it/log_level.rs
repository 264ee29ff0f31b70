//! What is logged, chosen by an administrator while the office runs.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::admin::LogFilter;
use serde_json::json;

use crate::binary::{EMAIL, PASSWORD, Place};
use crate::office::{Office, On};
use crate::person::Person;

const PATH: &str = "/api/v1/admin/log-level";

/// A log of which it is only noted what was chosen.
#[derive(Default)]
struct Noted(Mutex<Vec<(String, Duration)>>);

impl LogFilter for Noted {
    fn check(&self, filter: &str) -> Result<(), String> {
        if filter.ends_with('=') { Err("no level".to_owned()) } else { Ok(()) }
    }

    fn choose(&self, filter: &str, lasting: Duration) -> Result<(), String> {
        self.0.lock().unwrap().push((filter.to_owned(), lasting));
        Ok(())
    }
}

async fn a_filter_is_chosen_for_a_while_and_written_down(on: On) {
    let log = Arc::new(Noted::default());
    let ours = Arc::clone(&log);
    let office = Office::open_with(on, |values| values.log.filter = Some(ours)).await;
    let administrator = office.administrator().await;
    for (body, said) in [
        (
            json!({ "filter": "api=", "minutes": 10 }),
            "body.filter: must be a level or a filter like info,api=debug: no level",
        ),
        (json!({ "filter": " ", "minutes": 10 }), "body.filter: must have 1 to 200 characters, has 0"),
        (json!({ "filter": "debug", "minutes": 0 }), "body.minutes: must lie between 1 and 1440"),
        (json!({ "filter": "debug", "minutes": 1441 }), "body.minutes: must lie between 1 and 1440"),
    ] {
        assert_eq!(administrator.puts(PATH, body).await.fields(), [said]);
    }
    assert_eq!(log.0.lock().unwrap()[..], []);
    let chosen = administrator.puts(PATH, json!({ "filter": "info,api=debug" })).await.ok();
    assert_eq!(chosen, json!({ "filter": "info,api=debug", "until": "2025-10-09T09:03:20Z" }));
    assert_eq!(log.0.lock().unwrap()[..], [("info,api=debug".to_owned(), Duration::from_secs(600))]);
    let mut tx = office.cx.store.read().await.unwrap();
    let lines = tx.audit().list(store::Page::first(50)).await.unwrap();
    let (_, line) = lines.iter().find(|(_, line)| line.description == "Cambio del nivel de registro").unwrap();
    assert_eq!((line.user, line.success), (administrator.user, true));
    assert_eq!((&line.metadata["filter"], &line.metadata["minutes"]), (&json!("info,api=debug"), &json!(10)));
    drop(tx);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_is_chosen_for_a_while_and_written_down_on_sqlite() {
    a_filter_is_chosen_for_a_while_and_written_down(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_is_chosen_for_a_while_and_written_down_on_postgres() {
    a_filter_is_chosen_for_a_while_and_written_down(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_is_logged_from_then_on_without_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires_as(EMAIL, "P1234567", 3).await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = place.serves_logging("info", log.reopen().unwrap()).await;
    let mut administrator = Person::new(server.url.clone());
    administrator.signs_in(EMAIL, PASSWORD).await.ok();
    let said = || std::fs::read_to_string(log.path()).unwrap();
    administrator.gets("/api/v1/users/me").await.ok();
    assert!(!said().contains("request answered"), "{}", said());
    assert_eq!(administrator.puts(PATH, json!({ "filter": "info,api=loud" })).await.fields().len(), 1);
    administrator.puts(PATH, json!({ "filter": "info,api=debug", "minutes": 1 })).await.ok();
    administrator.gets("/api/v1/users/me").await.ok();
    // A thread of its own writes the log.
    let logged = async {
        while !said().contains("request answered") {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), logged).await.is_ok(), "{}", said());
    assert!(server.ends().await);
}
