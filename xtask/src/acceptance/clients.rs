//! Clients that are generated from the OpenAPI document, at work against a running office.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::AcceptanceCheck;
use super::bed::TestBed;
use super::report::CheckOutcome;
use crate::install;
use crate::python::Environment;
use crate::shell::{output, root};
use crate::test::schemathesis::{ADMINISTRATOR, PASSWORD, demo_office};

/// Generators, and what the clients that they make need.
const ENVIRONMENT: Environment = Environment {
    name: "clients-venv",
    packages: &[
        "openapi-python-client==0.29.1",
        "openapi-generator-cli==7.26.0",
        "httpx>=0.28",
        "attrs>=25",
        "python-dateutil>=2.9",
        "pydantic>=2.11",
        "typing-extensions>=4.12",
        "urllib3>=2.4",
    ],
};

/// Generated clients sign in, list, create, raise an emergency, and fetch a picture and a workbook.
pub const CHECK: AcceptanceCheck = AcceptanceCheck {
    name: "clients",
    minutes: 4,
    what: "clients by openapi-python-client and openapi-generator work against gad on SQLite",
    run,
};

fn run(_check: &AcceptanceCheck, bed: &mut TestBed) -> Result<CheckOutcome> {
    let programs = ENVIRONMENT.programs(bed.may_install())?;
    let java = install::java(bed.may_install())?;
    let dir = tempfile::Builder::new().prefix("gad-clients-").tempdir()?;
    let served = demo_office(dir.path(), None)?;
    let document = dir.path().join("openapi.json");
    let mut fetch = Command::new("curl");
    fetch.args(["--silent", "--show-error", "--fail", "--max-time", "30", "--output"]).arg(&document);
    output(fetch.arg(format!("{}/api/v1/openapi.json", served.url)))?;

    let scripts = root().join("tests/consumers/clients");
    let mut first = Command::new(programs.join("openapi-python-client"));
    first.args(["generate", "--meta", "none", "--path"]).arg(&document).arg("--config").arg(scripts.join("config.yml"));
    // It calls a formatter that lies beside it.
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let said = output(first.env("PATH", &path).args(["--output-path"]).arg(dir.path().join("first_client")))?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
    if said.contains("Warning") || said.contains("WARNING") {
        bail!("openapi-python-client leaves something out:\n{said}");
    }

    let mut second = Command::new(programs.join("openapi-generator-cli"));
    second.args(["generate", "--generator-name", "python", "--input-spec"]).arg(&document);
    second.args(["--output"]).arg(dir.path().join("second")).args(["--package-name", "second_client"]);
    // It looks for Java where this says.
    output(second.env("JAVA_HOME", java.parent().and_then(Path::parent).unwrap_or(&java)).current_dir(dir.path()))?;

    let mut figures = serde_json::Map::new();
    for (script, modules) in [("first.py", dir.path().to_owned()), ("second.py", dir.path().join("second"))] {
        let mut story = Command::new(programs.join("python"));
        story.arg(scripts.join(script)).args([&served.url, ADMINISTRATOR, PASSWORD]).env("PYTHONPATH", modules);
        let printed = output(story.stdin(Stdio::null()).current_dir(dir.path()))?;
        let printed: Value = serde_json::from_slice(&printed.stdout).context("a client said what it did as JSON")?;
        figures.insert(script.trim_end_matches(".py").to_owned(), printed);
    }
    let calls = |name: &str| figures[name]["calls"].clone();
    let summary =
        format!("openapi-python-client {} calls, openapi-generator {} calls", calls("first"), calls("second"));
    Ok(CheckOutcome { passed: true, summary, figures, detail: String::new() })
}
