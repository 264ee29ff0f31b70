//! `gad doctor --live`: what an operator sees of a process that serves.

use serde_json::Value;

use crate::binary::Place;

/// How it ended, what it printed as JSON, and what it complained of.
async fn looks(place: &Place, arguments: &[&str]) -> (Option<i32>, Vec<Value>, String) {
    let output = place.gad(&[&["doctor", "--live", "--json"], arguments].concat()).output().await.unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (output.status.code(), lines, String::from_utf8(output.stderr).unwrap())
}

/// Verdict and words of what was found of one thing.
fn found<'l>(lines: &'l [Value], what: &str) -> Vec<(&'l str, &'l str)> {
    let of = lines.iter().filter(|line| line["what"] == what);
    of.map(|line| (line["verdict"].as_str().unwrap(), line["seen"].as_str().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_serves_is_looked_at_from_outside() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    // A Redis that nobody runs: replicas look at the log, and all works.
    let server = place.serves_by(&["serve", "--listen", "127.0.0.1:0", "--redis-url", "redis://127.0.0.1:1"]).await;
    let (code, lines, said) = looks(&place, &["--url", &server.url]).await;
    assert_eq!((code, said.as_str()), (Some(0), ""), "{lines:#?}");
    assert_eq!((&lines[0]["what"], &lines[0]["verdict"]), (&"redis".into(), &"warning".into()), "{lines:#?}");
    for (what, seen) in [("ready", "it takes requests"), ("record", "ok")] {
        assert_eq!(found(&lines, what), [("ok", seen)]);
    }
    for what in ["runtime", "CPU pool", "event log", "process", "open files", "stalls", "tasks"] {
        assert_eq!(found(&lines, what).len(), 1, "{what} in {lines:#?}");
    }
    let pools: Vec<_> = found(&lines, "connections").iter().map(|(_, seen)| seen.split(':').next().unwrap()).collect();
    assert_eq!(pools, ["sqlite", "sqlite_writer"]);
    let watchdog = lines.iter().find(|line| line["task"] == "watchdog").expect("tasks are listed");
    assert_eq!((&watchdog["up"], &watchdog["restarts"]), (&true.into(), &0.0.into()));
    assert!((0.0..1.0).contains(&watchdog["busy"].as_f64().unwrap()), "{watchdog}");
    let table = place.gad(&["doctor", "--live", "--url", &server.url]).output().await.unwrap();
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.contains("| task ") && table.contains("| watchdog "), "{table}");

    let url = server.url.clone();
    assert!(server.ends().await);
    let (code, lines, said) = looks(&place, &["--url", &url]).await;
    assert_eq!(code, Some(1));
    assert!(lines[0]["seen"].as_str().unwrap().contains("does `gad serve` run there?"), "{lines:#?}");
    assert_eq!(said, "gad: 1 thing(s) are broken\n");
    let (code, _, said) = looks(&place, &["--url", "https://127.0.0.1:8000"]).await;
    assert!(code == Some(2) && said.contains("must begin with http://"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_that_want_a_token_are_shown_to_whoever_gives_it() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    let server = place.serves_with(&[("GAD_METRICS_TOKEN", "what only the scraper knows")]).await;
    let (code, lines, _) = looks(&place, &["--url", &server.url]).await;
    let process = found(&lines, "process");
    assert_eq!(process, [("broken", "it wants a token before it shows figures: give --metrics-token")]);
    assert_eq!(code, Some(1));
    let token = ["--url", &server.url, "--metrics-token", "what only the scraper knows"];
    assert_eq!(looks(&place, &token).await.0, Some(0));
    assert!(server.ends().await);
}
