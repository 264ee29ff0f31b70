//! `gad` as a service of systemd: what it says, and what its unit lets it touch.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tokio::net::UnixDatagram;

use crate::binary::Place;

/// Longest wait for what must be said.
const PATIENCE: Duration = Duration::from_secs(10);

/// systemd's ear.
struct Ear(UnixDatagram);

impl Ear {
    async fn hears(&self) -> String {
        let mut text = [0; 512];
        let length = tokio::time::timeout(PATIENCE, self.0.recv(&mut text)).await.expect("something is said").unwrap();
        String::from_utf8_lossy(&text[..length]).trim().to_owned()
    }

    /// Waits for a word; signs of life, and that the start goes on, may come before it.
    async fn waits_for(&self, word: &str) -> String {
        loop {
            let said = self.hears().await;
            let is_other =
                ["WATCHDOG=1", "EXTEND_TIMEOUT_USEC=", "STATUS="].iter().any(|other| said.starts_with(other));
            if !is_other || said.starts_with(word) {
                assert!(said.starts_with(word), "{said} instead of {word}");
                return said;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn systemd_is_told_what_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("notify");
    let ear = Ear(UnixDatagram::bind(&socket).unwrap());
    let place = Place::directory(&dir.path().join("data"));
    let settings = [("NOTIFY_SOCKET", socket.to_str().unwrap()), ("WATCHDOG_USEC", "400000")];
    let server = place.serves_with(&settings).await;
    ear.waits_for("READY=1").await;
    assert_eq!(server.stranger().gets("/health/ready").await.status, 200);
    for _ in 0..3 {
        ear.waits_for("WATCHDOG=1").await;
    }
    server.is_told("HUP").await;
    let said = ear.waits_for("RELOADING=1").await;
    let time = said.lines().find_map(|line| line.strip_prefix("MONOTONIC_USEC=")).expect("the time of the reload");
    assert!(time.parse::<u64>().is_ok(), "{said}");
    ear.waits_for("READY=1").await;
    server.is_told("TERM").await;
    ear.waits_for("STOPPING=1").await;
    assert!(server.has_ended().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn systemd_gives_a_start_that_waits_more_time() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("notify");
    let ear = Ear(UnixDatagram::bind(&socket).unwrap());
    let place = Place::database("postgres://gad@127.0.0.1:1/gad");
    let mut gad = place.gad(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = gad.env("NOTIFY_SOCKET", &socket).spawn().unwrap();
    ear.waits_for("EXTEND_TIMEOUT_USEC=30000000").await;
    let said = ear.waits_for("STATUS=waiting for the database").await;
    assert!(!said.contains("READY=1"), "{said}");
    child.kill().await.unwrap();
}

#[test]
fn the_unit_never_gives_up() {
    let text = std::fs::read_to_string(unit()).unwrap();
    let has = |line: &str| text.lines().any(|found| found == line);
    assert!(has("StartLimitIntervalSec=0") && has("Restart=on-failure") && !text.contains("StartLimitBurst"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_systemd_nothing_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = Place::directory(dir.path()).serves_logging("info", log.reopen().unwrap()).await;
    server.is_told("HUP").await;
    assert!(server.ends().await, "SIGHUP ends nothing");
    assert!(!std::fs::read_to_string(log.path()).unwrap().contains("systemd"));
}

fn unit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/systemd/gad.service")
}

#[test]
fn the_unit_is_well_formed_and_exposes_little() {
    let text = std::fs::read_to_string(unit()).unwrap();
    for line in
        ["Type=notify", "WatchdogSec=30", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict"]
    {
        assert!(text.lines().any(|has| has == line), "{line}");
    }
    // Longer than gad takes to end at the most: 25 seconds for requests, 4 for tasks.
    let stop = text.lines().find_map(|line| line.strip_prefix("TimeoutStopSec=")).unwrap();
    assert!(stop.parse::<u32>().unwrap() > 30);
    let Ok(version) = Command::new("systemd-analyze").arg("--version").output() else {
        println!("systemd-analyze is not installed: only the lines above were looked at");
        return;
    };
    println!("{}", String::from_utf8_lossy(&version.stdout).lines().next().unwrap_or_default());
    // Where its program is already there; its manual need not be.
    let dir = tempfile::tempdir().unwrap();
    let here = dir.path().join("gad.service");
    let installed: String =
        text.lines().filter(|line| !line.starts_with("Documentation=")).fold(String::new(), |mut all, line| {
            all.push_str(&line.replace("/usr/bin/gad", env!("CARGO_BIN_EXE_gad")));
            all.push('\n');
            all
        });
    std::fs::write(&here, installed).unwrap();
    let verified = Command::new("systemd-analyze").arg("verify").arg(&here).output().unwrap();
    let said = String::from_utf8_lossy(&verified.stderr);
    let ours: Vec<_> = said.lines().filter(|line| line.contains("gad.service")).collect();
    assert!(ours.is_empty(), "{ours:#?}");
    // Tenths: 2.0 of 10.
    let judged =
        Command::new("systemd-analyze").args(["security", "--offline=true", "--threshold=20"]).arg(&here).output();
    let judged = judged.unwrap();
    let said = String::from_utf8_lossy(&judged.stdout);
    println!("{}", said.lines().last().unwrap_or_default());
    assert!(judged.status.success(), "{said}");
}
