//! Arbitrary requests by the OpenAPI document, right and wrong ones, by an administrator: no
//! failure of ours comes back, and nothing that the document does not declare.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::progress::Counted;
use crate::python::Environment;
use crate::serve::Served;
use crate::shell::{output, tested_gad};

/// The release that the expectations below were tried with.
const ENVIRONMENT: Environment = Environment { name: "schemathesis-venv", packages: &["schemathesis==4.32.5"] };
/// Requests per operation beside those that the document's bounds call for.
const EXAMPLES: &str = "20";
/// The same number makes the same requests.
const SEED: &str = "1";
/// Longest run in seconds, of one store.
const LONGEST: &str = "90";

/// What is held. Not held: `positive_data_acceptance`, since a request that the document allows may
/// still name a task that is not there or a state that cannot follow; `ignored_auth`, since it
/// takes a document's optional sign-in for a hole, and `access.rs` tries every route without one;
/// `object_level_authorization`, since it needs a second user, as `access.rs` has them.
const CHECKS: [&str; 11] = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "missing_required_header",
    "negative_data_rejection",
    "use_after_free",
    "ensure_resource_availability",
];

/// Paths that are left out, and why.
const LEFT_OUT: [(&str, &str); 3] = [
    ("/api/v1/auth/logout", "ends the session of the run"),
    ("/api/v1/auth/sessions/{session_id}", "may end the session of the run"),
    ("/api/v1/health/government", "answers 503 of a busy machine, as the contract wants, and this one is busy"),
];

/// A batch whose elements are taken or refused one by one: one that violates the schema is named in a 200.
const BATCH: &str = "/api/v1/posiciones";
/// What is not held there.
const NOT_OF_BATCHES: &str = "negative_data_rejection";

/// Who sends the requests. Not the administrator of the demo data, whose number is 1: a request that names that
/// number may delete it once another administrator was made.
pub const ADMINISTRATOR: &str = "pruebas@demo.gad";
pub const PASSWORD: &str = "una clave para probar";

/// Signs in and prints the token; with a token, only says whether it is still good.
const SIGN_IN: &str = r#"
import sys, requests
url, user, password, token = sys.argv[1:5]
if not token:
    answer = requests.post(url + "/api/v1/auth/login", data={"username": user, "password": password}, timeout=30)
    answer.raise_for_status()
    print(answer.json()["access_token"])
else:
    me = requests.get(url + "/api/v1/users/me", headers={"Authorization": "Bearer " + token}, timeout=30)
    me.raise_for_status()
"#;

/// Schemathesis' own account of a run.
#[derive(Deserialize)]
struct Report {
    operations: Operations,
    test_cases: Cases,
}

#[derive(Deserialize)]
struct Operations {
    tested: u64,
}

#[derive(Deserialize)]
struct Cases {
    generated: u64,
    unique_failures: u64,
}

/// Asks an office on SQLite, or on the empty PostgreSQL database at `postgres`.
pub fn requests(may_install: bool, postgres: Option<&str>) -> Result<Counted> {
    let programs = ENVIRONMENT.programs(may_install)?;
    let dir = tempfile::Builder::new().prefix("gad-requests-").tempdir()?;
    let log = dir.path().join("log");
    let served = demo_office(dir.path(), postgres)?;

    let token = sign_in(&programs, &served.url, "")?;
    let left_out = LEFT_OUT.iter().map(|(path, _)| *path).chain([BATCH]);
    let all: Vec<&str> = left_out.flat_map(|path| ["--exclude-path", path]).collect();
    let mut whole = run(&programs, dir.path(), &served.url, &token, &CHECKS, &all)?;
    let of_batches: Vec<&str> = CHECKS.into_iter().filter(|check| *check != NOT_OF_BATCHES).collect();
    let batches = run(&programs, dir.path(), &served.url, &token, &of_batches, &["--include-path", BATCH])?;
    // Requests without a session would prove little.
    sign_in(&programs, &served.url, &token).context("the administrator's session did not last")?;
    whole.operations += batches.operations;
    whole.counted.passed += batches.counted.passed;
    whole.counted.failed += batches.counted.failed;
    whole.counted.output += &batches.counted.output;
    eprintln!("  {} operations, {} requests", whole.operations, whole.counted.passed + whole.counted.failed);
    let output = format!("{}\nlog of gad: {}", whole.counted.output, tail(&log));
    Ok(Counted { output, ..whole.counted })
}

/// One run over some of the operations.
struct Run {
    operations: u64,
    counted: Counted,
}

fn run(programs: &Path, dir: &Path, url: &str, token: &str, checks: &[&str], paths: &[&str]) -> Result<Run> {
    let report = dir.join("report.json");
    let mut run = Command::new("timeout");
    run.arg(LONGEST).arg(programs.join("schemathesis")).arg("run");
    run.arg(format!("{url}/api/v1/openapi.json"));
    run.args(["--header", &format!("Authorization: Bearer {token}")]);
    run.args(["--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--seed", SEED]);
    run.args(["--checks", &checks.join(","), "--continue-on-failure", "--no-shrink", "--warnings", "off"]);
    run.args(["--workers", "2", "--report", "json", "--report-json-path"]).arg(&report);
    run.args(paths);
    // What it remembers of earlier runs would make this one another.
    let ran = run.current_dir(dir).stdin(Stdio::null()).output().context("cannot run schemathesis")?;
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    if ran.status.code() == Some(124) {
        bail!("not done after {LONGEST} seconds:\n{said}");
    }
    let text = std::fs::read(&report).with_context(|| format!("schemathesis left no report:\n{said}"))?;
    let Report { operations, test_cases } = serde_json::from_slice(&text).context("schemathesis' report")?;
    let failed = test_cases.unique_failures.max(u64::from(!ran.status.success()));
    let counted = Counted { passed: test_cases.generated.saturating_sub(failed), failed, output: said };
    Ok(Run { operations: operations.tested, counted })
}

/// A small demo office below `dir`, served on SQLite or on the empty PostgreSQL database at `postgres`. Its log
/// is the file `log`.
pub fn demo_office(dir: &Path, postgres: Option<&str>) -> Result<Served> {
    let program = tested_gad()?;
    let size = ["--users", "5", "--officers", "20", "--tasks", "50"];
    output(gad(&program, dir, postgres).args(["seed", "--demo", "--password", PASSWORD]).args(size))?;
    let account = ["user", "create", "--email", ADMINISTRATOR, "--password", PASSWORD, "--nivel", "3", "--verificado"];
    let person = ["--nombre", "Pruebas", "--apellido", "Demo", "--dni", "P7654321"];
    output(gad(&program, dir, postgres).args(account).args(person))?;
    let log = dir.join("log");
    let mut serve = gad(&program, dir, postgres);
    serve.args(["serve", "--log-level", "warn"]).stderr(std::fs::File::create(&log)?);
    Served::start(&mut serve).with_context(|| format!("its log: {}", tail(&log)))
}

/// `gad` in a place of its own, with no settings of the machine.
pub fn gad(program: &Path, dir: &Path, postgres: Option<&str>) -> Command {
    let mut command = Command::new(program);
    for name in ["DATABASE_URL", "DB_URL", "REDIS_URL", "GAD_DATABASE_URL", "GAD_DATA_DIR", "ENVIRONMENT"] {
        command.env_remove(name);
    }
    command.env("SECRET_KEY", "a secret of the tests that is long enough").env("RATE_LIMITING_ENABLED", "false");
    command.env("GAD_DATA_DIR", dir.join("data"));
    if let Some(url) = postgres {
        command.env("GAD_DATABASE_URL", url);
    }
    command
}

fn sign_in(programs: &Path, url: &str, token: &str) -> Result<String> {
    let python =
        output(Command::new(programs.join("python")).args(["-c", SIGN_IN, url, ADMINISTRATOR, PASSWORD, token]))?;
    Ok(String::from_utf8_lossy(&python.stdout).trim().to_owned())
}

/// The last lines of a log.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
