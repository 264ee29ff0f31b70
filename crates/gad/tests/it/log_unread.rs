//! A log that no one reads: a pipe to a process that has stopped, a terminal that is paused.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

use crate::access::nowhere;
use crate::binary::{EMAIL, Place, Server};
use crate::person::Person;

/// Longest time for one answer, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(5);
/// The figure that counts lines for which there was no room.
const DROPPED: &str = "gad_log_lines_dropped_total";

/// `gad serve` whose standard error is a pipe that the test holds and does not read.
async fn serves(place: &Place, arguments: &[&str]) -> Server {
    let serve = ["serve", "--listen", "127.0.0.1:0", "--log-level", "debug"];
    Server::started_by(place.gad(&[&serve, arguments].concat())).await
}

/// Calls every route of the document once, with numbers that name nothing and bodies that hold nothing; gives how
/// long the slowest answer took.
async fn calls_every_route(administrator: &Person, document: &Value) -> Duration {
    let mut slowest = Duration::ZERO;
    for (path, operations) in document["paths"].as_object().unwrap() {
        // It would end the session of the administrator.
        if path.ends_with("/logout") {
            continue;
        }
        let at = nowhere(path);
        for method in operations.as_object().unwrap().keys() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let request = administrator.request(method.clone(), &at);
            let request = if method == Method::GET { request } else { request.json(&json!({})) };
            let begun = Instant::now();
            let answer = administrator.sends(request).await;
            let is_health = at.contains("/health");
            assert!(answer.status < 500 || is_health, "{method} {at}: {} {}", answer.status, answer.text);
            slowest = slowest.max(begun.elapsed());
        }
    }
    slowest
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_while_no_one_reads_the_log_and_dropped_lines_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires_as(EMAIL, "P1234567", 3).await;
    let mut server = serves(&place, &[]).await;
    let administrator = server.supervisor().await;
    let document = administrator.gets("/api/v1/openapi.json").await.ok();
    let begun = Instant::now();
    let lasts = crate::acceptance::size(Duration::ZERO, Duration::from_mins(1));
    let (mut slowest, mut rounds) = (Duration::ZERO, 0);
    while begun.elapsed() < lasts || administrator.figure(DROPPED).await.unwrap() == 0.0 {
        slowest = slowest.max(calls_every_route(&administrator, &document).await);
        futures::future::join_all((0..200).map(|_| administrator.gets("/api/v1/nada"))).await;
        rounds += 1;
        assert!(begun.elapsed() < lasts + Duration::from_mins(1), "nothing is dropped");
    }
    assert!(slowest < PATIENCE, "{slowest:?}");
    let dropped = administrator.figure(DROPPED).await.unwrap();
    crate::acceptance::append(&json!({ "rounds": rounds, "slowest_ms": slowest.as_millis(), "dropped": dropped }));
    // Read again, the log says how many lines are missing.
    let mut lines = BufReader::new(server.takes_log()).lines();
    let says = async {
        loop {
            let line = lines.next_line().await.unwrap().expect("the log goes on");
            if line.contains("log_dropped") {
                return line;
            }
        }
    };
    let line = tokio::time::timeout(PATIENCE, says).await.expect("it says how many");
    assert!(line.contains("lines=") && line.contains("WARN"), "{line}");
    server.dies().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_no_one_reads_does_not_keep_the_process_from_ending() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = serves(&Place::directory(dir.path()), &["--shutdown-spread", "0"]).await;
    let person = server.stranger();
    // Their lines are more than a pipe holds.
    futures::future::join_all((0..500).map(|_| person.gets("/api/v1/nada"))).await;
    let mut log = server.takes_log();
    assert!(tokio::time::timeout(Duration::from_secs(10), server.ends()).await.expect("it ends"));
    let mut written = Vec::new();
    log.read_to_end(&mut written).await.unwrap();
    let written = String::from_utf8_lossy(&written);
    // The line of its end found no room.
    assert!(written.len() > 32 * 1024 && !written.contains("connections_cut"), "the pipe was full: {}", written.len());
}
