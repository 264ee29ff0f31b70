//! A log that no one reads: a pipe to a process that has stopped, a terminal that is paused.

use std::process::Stdio;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Child;

use crate::binary::{EMAIL, PASSWORD, Place};
use crate::person::Person;

/// Longest time for one answer, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(5);

/// `gad serve` whose standard error is a pipe that the test holds and does not read.
async fn serves(place: &Place, arguments: &[&str]) -> (Child, String) {
    let mut command = place.gad(&[&["serve", "--listen", "127.0.0.1:0", "--log-level", "debug"], arguments].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let line = BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();
    (child, line[line.find("http").unwrap()..].to_owned())
}

async fn figure(person: &Person, name: &str) -> f64 {
    let text = person.gets("/metrics").await.text;
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
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
        let mut at = path.clone();
        while let (Some(start), Some(end)) = (at.find('{'), at.find('}')) {
            at.replace_range(start..=end, "999999");
        }
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
    let (mut child, url) = serves(&place, &[]).await;
    let mut administrator = Person::new(url);
    administrator.signs_in(EMAIL, PASSWORD).await.ok();
    let document = administrator.gets("/api/v1/openapi.json").await.ok();
    let begun = Instant::now();
    let lasts = crate::acceptance::size(Duration::ZERO, Duration::from_mins(1));
    let (mut slowest, mut rounds) = (Duration::ZERO, 0);
    while begun.elapsed() < lasts || figure(&administrator, "gad_log_lines_dropped_total").await == 0.0 {
        slowest = slowest.max(calls_every_route(&administrator, &document).await);
        futures::future::join_all((0..200).map(|_| administrator.gets("/api/v1/nada"))).await;
        rounds += 1;
        assert!(begun.elapsed() < lasts + Duration::from_mins(1), "nothing is dropped");
    }
    assert!(slowest < PATIENCE, "{slowest:?}");
    let dropped = figure(&administrator, "gad_log_lines_dropped_total").await;
    crate::acceptance::append(&json!({ "rounds": rounds, "slowest_ms": slowest.as_millis(), "dropped": dropped }));
    // Read again, the log says how many lines are missing.
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
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
    child.kill().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_no_one_reads_does_not_keep_the_process_from_ending() {
    let dir = tempfile::tempdir().unwrap();
    let (mut child, url) = serves(&Place::directory(dir.path()), &["--shutdown-spread", "0"]).await;
    let person = Person::new(url);
    // Their lines are more than a pipe holds.
    futures::future::join_all((0..500).map(|_| person.gets("/api/v1/nada"))).await;
    let pid = child.id().unwrap().to_string();
    assert!(tokio::process::Command::new("kill").args(["-s", "TERM", &pid]).status().await.unwrap().success());
    let ended = tokio::time::timeout(Duration::from_secs(10), child.wait()).await.expect("it ends");
    assert!(ended.unwrap().success());
    let mut written = Vec::new();
    child.stderr.take().unwrap().read_to_end(&mut written).await.unwrap();
    let written = String::from_utf8_lossy(&written);
    // The line of its end found no room.
    assert!(written.len() > 32 * 1024 && !written.contains("connections_cut"), "the pipe was full: {}", written.len());
}
