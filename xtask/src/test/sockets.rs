//! Closing handshakes of the WebSocket in both directions, by client libraries that others wrote.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::schemathesis::gad;
use crate::progress::Counted;
use crate::serve::Served;
use crate::shell::{output, target, tested_gad};

/// The releases that the script was tried with.
const LIBRARIES: [&str; 2] = ["websockets==17.4", "aiohttp==3.14.5"];
/// What is asked of the libraries, and what they must see.
const SCRIPT: &str = include_str!("closing.py");
/// Cases of the script.
const CASES: u64 = 22;
/// Longest run in seconds.
const LONGEST: &str = "60";
const SUPERVISOR: &str = "supervisor@demo.gad";
const PASSWORD: &str = "una clave para probar";

/// Asks an office on SQLite, with room for four sockets.
pub fn closing(may_install: bool) -> Result<Counted> {
    let python = environment(may_install)?;
    let program = tested_gad()?;
    let dir = tempfile::Builder::new().prefix("gad-sockets-").tempdir()?;
    let size = ["--users", "5", "--officers", "5", "--tasks", "5"];
    output(gad(&program, dir.path(), None).args(["seed", "--demo", "--password", PASSWORD]).args(size))?;
    let mut serve = gad(&program, dir.path(), None);
    serve.env("WS_MAX_CONNECTIONS", "4").args(["serve", "--log-level", "warn"]);
    let served = Served::start(serve.stderr(Stdio::null()))?;
    let mut run = Command::new("timeout");
    run.arg(LONGEST).arg(python).args(["-c", SCRIPT, &served.url, SUPERVISOR, PASSWORD, &served.process().to_string()]);
    let ran = run.stdin(Stdio::null()).output().context("cannot run the clients of the WebSocket")?;
    let output = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    let failed = u64::from(!ran.status.success());
    Ok(Counted { passed: CASES - failed, failed, output })
}

/// The Python that has the libraries, installed if they are not there and `may_install`.
fn environment(may_install: bool) -> Result<PathBuf> {
    let venv = target().join("socket-clients-venv");
    let python = venv.join("bin/python");
    let seen = Command::new(&python).args(["-m", "pip", "freeze"]).output();
    let seen = seen.map(|said| String::from_utf8_lossy(&said.stdout).into_owned()).unwrap_or_default();
    if LIBRARIES.iter().all(|library| seen.lines().any(|line| line == *library)) {
        return Ok(python);
    }
    if !may_install {
        let (venv, libraries) = (venv.display(), LIBRARIES.join(" "));
        bail!(
            "WebSocket clients are missing; install them with: \
             python3 -m venv {venv} && {venv}/bin/pip install {libraries}"
        );
    }
    output(Command::new("python3").args(["-m", "venv"]).arg(&venv))
        .context("the WebSocket clients need Python 3.10 or newer with venv (Debian: apt-get install python3-venv)")?;
    output(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(LIBRARIES))
        .context("cannot install the WebSocket clients by pip; is a package index within reach?")?;
    Ok(python)
}
