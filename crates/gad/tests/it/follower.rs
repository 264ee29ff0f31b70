//! A client that somebody else wrote, from `docs/real-time.md` alone: `examples/python/seguir.py`.

use std::process::Stdio;
use std::time::Duration;

use evaluation::relay::Relay;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::binary::{EMAIL, PASSWORD, Place};
use crate::person::Person;

/// Longest wait for a line of the client, which pauses for up to 16 seconds between tries.
const PATIENCE: Duration = Duration::from_secs(30);

struct Follower {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// Place and type of each event of the log that it printed.
    told: Vec<(i64, String)>,
}

impl Follower {
    fn starts(port: u16, place: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/python/seguir.py");
        let mut child = Command::new("python3")
            .args([script, &format!("http://127.0.0.1:{port}"), EMAIL, "--desde", place])
            .env("GAD_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python3 runs the example");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines, told: Vec::new() }
    }

    /// Reads what it prints until a line holds `text`.
    async fn prints(&mut self, text: &str) {
        loop {
            let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await;
            let line = line.unwrap_or_else(|_| panic!("{text} in time; until then {:?}", self.told)).unwrap();
            let line = line.expect("it goes on");
            let fields: Vec<&str> = line.splitn(3, '\t').collect();
            if let Ok(offset) = fields[0].parse() {
                self.told.push((offset, fields[1].to_owned()));
            }
            if line.contains(text) {
                return;
            }
        }
    }
}

async fn makes(person: &Person, code: &str) {
    let task = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": person.user.unwrap().0 });
    person.posts("/api/v1/tasks/", task).await.ok();
}

/// Place and type of all that happened after `place`, as the supervisor may hear of it.
async fn log_after(person: &Person, place: &str) -> Vec<(i64, String)> {
    let mut place = place.to_owned();
    let mut all = Vec::new();
    loop {
        let page = person.gets(&format!("/api/v1/eventos?limit=500&desde={place}")).await.ok();
        for event in page["eventos"].as_array().unwrap() {
            all.push((event["offset"].as_i64().unwrap(), event["event_type"].as_str().unwrap().to_owned()));
        }
        page["siguiente"].as_str().unwrap().clone_into(&mut place);
        if page["al_dia"] == true {
            return all;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_written_from_the_documentation_loses_and_repeats_nothing_when_it_is_cut() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let server = place.serves().await;
    let supervisor = server.supervisor().await;
    let begin = supervisor.gets("/api/v1/eventos").await.ok()["siguiente"].as_str().unwrap().to_owned();
    let relay = Relay::to(server.url.trim_start_matches("http://").to_owned()).await.unwrap();
    let mut follower = Follower::starts(relay.port, &begin);
    for round in 0..4 {
        for n in 0..10 {
            makes(&supervisor, &format!("VISTA-{round}-{n}")).await;
        }
        follower.prints(&format!("VISTA-{round}-3")).await;
        // Some of these are on their way when the connection ends.
        let more = async {
            for n in 0..20 {
                makes(&supervisor, &format!("CORTE-{round}-{n}")).await;
            }
        };
        tokio::join!(more, async {
            follower.prints(&format!("CORTE-{round}-2")).await;
            relay.cuts();
        });
        makes(&supervisor, &format!("LEJOS-{round}")).await;
        relay.mends();
        follower.prints(&format!("LEJOS-{round}")).await;
    }
    assert_eq!(follower.told, log_after(&supervisor, &begin).await);
    assert!(follower.told.len() >= 4 * 31, "{} events", follower.told.len());
    follower.child.kill().await.unwrap();
    drop(relay);
    assert!(server.ends().await);
}
