//! `gad evaluate` as an office runs it: the plan carried out, and a report with a verdict on each line.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::binary::{PASSWORD, Place};

/// The form of `resultados.json`, as `docs/evaluate.md` explains it.
const SCHEMA: &str = include_str!("../../../../docs/resultados.schema.json");
/// Figures of latency that a whole run must have.
const LATENCIES: [&str; 8] = [
    "nominal.p50_ms",
    "nominal.p95_ms",
    "nominal.p99_ms",
    "nearest.p99_ms",
    "overload.p99_ms",
    "swarm.fan_out_p99_ms",
    "bot.answer_p95_ms",
    "runtime.stall_p99_ms",
];

/// `gad evaluate` in a profile.
pub fn gad_evaluate(out: &Path, profile: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gad"));
    command.args(["evaluate", "--profile", profile, "--out"]).arg(out).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// What it found, which fits the form that is documented.
pub fn results(out: &Path) -> Value {
    let found: Value = serde_json::from_str(&std::fs::read_to_string(out.join("resultados.json")).unwrap()).unwrap();
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(&found).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    found
}

/// A figure by its name.
pub fn figure(found: &Value, name: &str) -> Option<f64> {
    let figures = found["evidencia"]["cifras"].as_array().unwrap();
    figures.iter().find(|figure| figure["nombre"] == name).and_then(|figure| figure["valor"].as_f64())
}

fn reads(out: &Path, name: &str) -> String {
    std::fs::read_to_string(out.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_evaluation_has_a_verdict_on_each_line_of_the_plan() {
    let _alone = crate::replica::alone().await;
    let dir = tempfile::tempdir().unwrap();
    let output = gad_evaluate(dir.path(), "smoke", &["--embedded"]).output().await.unwrap();
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{said}{told}");
    assert!(said.contains("04_patrones_async_concurrency.md"), "{said}");
    let found = results(dir.path());
    assert_eq!(found["interrumpida"], false);
    for went in found["escenarios"].as_array().unwrap() {
        assert_eq!(went["falla"], Value::Null, "{went}");
    }
    let report = reads(dir.path(), "04_patrones_async_concurrency.md");
    let words = ["cumple", "cumple en parte", "no cumple", "no medido"];
    for line in found["lineas"].as_array().unwrap() {
        let (number, verdict) = (line["linea"].as_str().unwrap(), line["veredicto"].as_str().unwrap());
        assert!(words.contains(&verdict), "{line}");
        let row = report.lines().find(|row| row.starts_with(&format!("| {number} |"))).unwrap();
        assert!(row.contains(verdict), "{row}");
        // A line without a figure says why.
        assert!(verdict != "no medido" || line["pendiente"].is_object(), "{line}");
    }
    for name in LATENCIES {
        assert!(figure(&found, name).is_some_and(|value| value >= 0.0), "no figure {name}");
    }
    let page = reads(dir.path(), "informe.html");
    assert!(page.contains("<svg") && !page.contains("src=\"http") && !page.contains("<script"));
    for picture in found["evidencia"]["graficos"].as_array().unwrap() {
        let name = format!("{}.svg", picture["nombre"].as_str().unwrap());
        assert!(reads(dir.path(), &name).ends_with("</svg>\n") && report.contains(&name), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evaluation_that_is_ended_early_writes_what_there_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = gad_evaluate(dir.path(), "smoke", &["--language", "en"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line == "nominal load" {
            break;
        }
    }
    let pid = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &pid]).status().await.unwrap().success());
    assert_eq!(child.wait().await.unwrap().code(), Some(1));
    let found = results(dir.path());
    assert_eq!(found["interrumpida"], true);
    assert!(figure(&found, "inventory.routes").is_some(), "what was measured before is there");
    assert_eq!(figure(&found, "nominal.p95_ms"), None);
    let report = reads(dir.path(), "04_patrones_async_concurrency.md");
    assert!(report.contains("This report is partial") && report.contains("not measured"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn thresholds_of_ones_own_decide() {
    let dir = tempfile::tempdir().unwrap();
    let printed = gad_evaluate(dir.path(), "smoke", &["--print-thresholds"]).output().await.unwrap();
    let strict = String::from_utf8(printed.stdout).unwrap().replacen("at_least = 60", "at_least = 6000", 1);
    let file = dir.path().join("estricto.toml");
    std::fs::write(&file, strict).unwrap();
    let arguments = ["--only", "inventory", "--thresholds", file.to_str().unwrap()];
    let output = gad_evaluate(dir.path(), "smoke", &arguments).output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found = results(dir.path());
    assert_eq!(found["lineas"][1]["veredicto"], "no cumple", "{}", found["lineas"][1]);
    std::fs::write(&file, "[line.\"13.1\"]").unwrap();
    let output = gad_evaluate(dir.path(), "smoke", &arguments).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("estricto.toml does not fit") && told.contains("13.1"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_somebody_else_serves_is_only_looked_at() {
    let (office, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = Place::directory(office.path());
    let size = ["--users", "2", "--officers", "5", "--tasks", "20", "--password", PASSWORD];
    place.does(&[&["seed", "--demo"], &size[..]].concat()).await;
    let server = place.serves().await;
    let boss = server.signs_in("admin@demo.gad").await;
    let tasks = boss.gets("/api/v1/tasks/?limit=500").await.text;
    let target = ["--target", &server.url, "--email", "admin@demo.gad"];
    let mut command = gad_evaluate(dir.path(), "smoke", &target);
    let output = command.env("GAD_EVALUATE_PASSWORD", PASSWORD).output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found = results(dir.path());
    let ran: Vec<_> = found["escenarios"].as_array().unwrap().iter().map(|went| &went["escenario"]).collect();
    assert_eq!(ran, ["inventory", "look"]);
    assert!(figure(&found, "look.p95_ms").is_some_and(|value| value > 0.0));
    assert_eq!(boss.gets("/api/v1/tasks/?limit=500").await.text, tasks, "nothing was changed");
    // Whoever types nothing has confirmed nothing.
    let mut command = gad_evaluate(dir.path(), "smoke", &[&target[..], &["--allow-faults"]].concat());
    let output = command.env("GAD_EVALUATE_PASSWORD", PASSWORD).output().await.unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("EVALUAR") && told.contains("nothing was done"), "{told}");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_run_is_held_against_this_one() {
    let (before, now) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let output = gad_evaluate(before.path(), "smoke", &["--only", "racers"]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let file = before.path().join("resultados.json");
    let arguments = ["--only", "racers", "--baseline", file.to_str().unwrap()];
    let output = gad_evaluate(now.path(), "smoke", &arguments).output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let compared = &results(now.path())["comparacion"];
    assert_eq!(compared["reparos"], serde_json::json!([]));
    let others = compared["cifras"].as_array().unwrap().iter().find(|figure| figure["nombre"] == "racers.others");
    assert_eq!(others.unwrap()["cambio"], "igual");
    assert!(reads(now.path(), "04_patrones_async_concurrency.md").contains("## Frente a la corrida anterior"));
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_are_renewed_killed_and_cut_off_and_nothing_is_lost() {
    let _alone = crate::replica::alone().await;
    let dir = tempfile::tempdir().unwrap();
    let arguments = ["--scaled", "--only", "pubsub", "--only", "scale", "--only", "faults"];
    let output = gad_evaluate(dir.path(), "smoke", &arguments).output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found = results(dir.path());
    assert_eq!(found["montaje"], "escalado");
    for went in found["escenarios"].as_array().unwrap() {
        assert_eq!(went["falla"], Value::Null, "{went}");
    }
    let none = [
        "pubsub.lost",
        "pubsub.doubled",
        "pubsub.out_of_order",
        "failover.lost",
        "invariants.broken",
        "rolling.failed",
    ];
    for name in none {
        assert_eq!(figure(&found, name), Some(0.0), "{name}");
    }
    assert_eq!(figure(&found, "scale.balancer"), Some(1.0), "HAProxy is installed by `cargo xtask test`");
    assert!(figure(&found, "pubsub.expected").is_some_and(|events| events > 100.0));
    assert_eq!(figure(&found, "faults.opened_share"), Some(1.0), "{}", found["evidencia"]["tablas"]);
}
