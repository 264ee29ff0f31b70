//! Defects that are planted on purpose, and whether `gad evaluate` finds them: the right lines turn
//! red, no others do, and the figure that is to blame is named.
//!
//! Debug builds alone have them (`resilience::Defect`).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::acceptance;
use crate::evaluation::{gad_evaluate, results};

/// Numbers of lines that do not hold, each with the figures that say so.
fn broken(found: &Value) -> BTreeSet<(String, String)> {
    let lines = found["lineas"].as_array().unwrap().iter().filter(|line| line["veredicto"] == "no cumple");
    lines
        .flat_map(|line| {
            let checks = line["controles"].as_array().unwrap().iter().filter(|check| check["grado"] == "fuera");
            checks.map(|check| {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                (text(&line["linea"]), text(&check["umbral"]["cifra"]))
            })
        })
        .collect()
}

async fn evaluated(defect: &str, profile: &str, only: &[&str]) -> (BTreeSet<(String, String)>, String) {
    let dir = tempfile::tempdir().unwrap();
    let arguments: Vec<&str> = only.iter().flat_map(|name| ["--only", name]).collect();
    let mut command = gad_evaluate(dir.path(), profile, &arguments);
    let output = command.env("GAD_SABOTAGE", defect).output().await.unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let found = results(dir.path());
    for went in found["escenarios"].as_array().unwrap() {
        assert_eq!(went["falla"], Value::Null, "{went}");
    }
    let report = std::fs::read_to_string(dir.path().join("04_patrones_async_concurrency.md")).unwrap();
    (broken(&found), report)
}

/// What turns red by the defect: lines and figures; and whether the report names the cause. The
/// acceptance check compares with a run without the defect, and wants nothing else to be red.
async fn turns_red(defect: &str, profile: &str, only: &[&str], expected: &[(&str, &str)], cause: &str) {
    let _alone = crate::replica::alone().await;
    let (with, report) = evaluated(defect, profile, only).await;
    let red: BTreeSet<(&str, &str)> = with.iter().map(|(line, figure)| (line.as_str(), figure.as_str())).collect();
    let expected: BTreeSet<(&str, &str)> = expected.iter().copied().collect();
    assert_eq!(red.intersection(&expected).count(), expected.len(), "{red:?} with {defect}");
    if acceptance::size(false, true) {
        let (without, _) = evaluated("", profile, only).await;
        let others = with.difference(&without).filter(|(line, figure)| !expected.contains(&(line, figure)));
        assert_eq!(others.count(), 0, "{with:?} with {defect}, {without:?} without");
    }
    let wrong = report.split("## Antipatrones hallados").nth(1).unwrap().split("\n## ").next().unwrap();
    assert!(wrong.contains(cause), "{wrong}");
}

/// Quick scenarios of all kinds: what is red beside the expected lines would show in them.
const MANY: [&str; 7] = ["racers", "events", "supervision", "away", "shutdown", "kill", "audit"];

/// The scenarios that find a defect; all of [`MANY`] beside them in the acceptance check.
fn scenarios(that_find: &'static [&'static str]) -> &'static [&'static str] {
    acceptance::size(that_find, &MANY)
}

fn with_events() -> &'static [&'static str] {
    acceptance::size(&["events"], &["racers", "events", "audit"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_deaf_to_sigterm_is_found_out() {
    let expected = [("8.2", "shutdown.ended"), ("8.2", "shutdown.resumable_share")];
    let only = scenarios(&["shutdown"]);
    turns_red("deaf-to-sigterm", "smoke", only, &expected, "el proceso desoye SIGTERM").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breaker_that_never_opens_is_found_out() {
    let only = scenarios(&["away"]);
    turns_red("no-breaker", "smoke", only, &[("8.1", "away.opened")], "el cortacircuitos no se abre").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runtime_that_is_held_is_found_out() {
    let expected = [("10.1", "runtime.stall_p99_ms"), ("6.2", "runtime.stall_p99_ms")];
    turns_red("stall", "smoke", scenarios(&["supervision"]), &expected, "planificador bloqueado").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_lost_event_in_a_thousand_is_found_out() {
    let expected = [("5.1", "events.lost")];
    turns_red("lost-events", "quick", with_events(), &expected, "eventos que no llegan").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_come_twice_are_found_out() {
    let expected = [("5.1", "events.doubled")];
    turns_red("doubled-events", "quick", with_events(), &expected, "eventos que llegan dos veces").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kibibyte_that_each_request_leaves_behind_is_found_out() {
    let expected = [("2.2", "memory.slope_low_bytes"), ("9.2", "memory.slope_low_bytes")];
    let only = acceptance::size(&["memory"][..], &["memory", "racers", "audit"]);
    turns_red("leak", "quick", only, &expected, "fuga de memoria").await;
}
