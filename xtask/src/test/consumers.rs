//! Readers of what is published that know nothing of this project: the OpenAPI document, the types that are
//! made of it, the `AsyncAPI` document, and the figures for Prometheus.

use std::fmt::Write as _;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use super::schemathesis::demo_office;
use crate::install::monitoring;
use crate::progress::Counted;
use crate::python::Environment;
use crate::shell::{output, root};
use crate::web::npm_in;

/// Reads the OpenAPI document as its specification has it.
const VALIDATOR: Environment = Environment { name: "consumers-venv", packages: &["openapi-spec-validator==0.9.0"] };

/// Readers out of `tests/consumers/`, by the names of their scripts.
const SCRIPTS: [&str; 4] = ["spectral", "redocly", "types", "asyncapi"];

/// Complaints of promtool about names that the wire contract fixes.
const CONTRACT_NAMES: [&str; 1] = [r#"ws_messages_sent counter metrics should have "_total" suffix"#];

/// Has all of them read; how many found nothing wrong.
pub fn readers(may_install: bool) -> Result<Counted> {
    let npm = npm_in("tests/consumers", may_install)?;
    let validator = VALIDATOR.programs(may_install)?.join("openapi-spec-validator");
    let mut validate = Command::new(validator);
    validate.arg(root().join("docs/openapi.json"));
    let mut commands = vec![("openapi-spec-validator", validate)];
    for script in SCRIPTS {
        let mut run = npm.run(script, &[]);
        // Neither reader is to tell its makers that it runs, or to ask them for a newer release.
        run.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        commands.push((script, run));
    }
    let mut counted = Counted { passed: 0, failed: 0, output: String::new() };
    // Each takes seconds, most of them to begin.
    let outcomes: Vec<(&str, Result<String>)> = thread::scope(|scope| {
        let running: Vec<_> =
            commands.iter_mut().map(|(name, command)| (*name, scope.spawn(move || said(command)))).collect();
        let figures = figures(may_install);
        let ended = running.into_iter().map(|(name, run)| {
            (name, run.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the thread that ran it ended badly"))))
        });
        ended.chain([("promtool", figures)]).collect()
    });
    for (name, outcome) in outcomes {
        match outcome {
            Ok(last) => {
                eprintln!("  {name}: {last}");
                counted.passed += 1;
            }
            Err(error) => {
                counted.failed += 1;
                writeln!(counted.output, "{name}: {error:#}")?;
            }
        }
    }
    Ok(counted)
}

/// Runs a reader to its end; the last line that it printed.
fn said(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        bail!("{command:?} ended with {}:\n{text}", output.status);
    }
    Ok(text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("nothing wrong").to_owned())
}

/// Reads the figures of an office that serves with promtool.
fn figures(may_install: bool) -> Result<String> {
    let promtool = monitoring(may_install)?.promtool;
    let dir = tempfile::Builder::new().prefix("gad-figures-").tempdir()?;
    let served = demo_office(dir.path(), None)?;
    let mut fetch = Command::new("curl");
    fetch.args(["--silent", "--show-error", "--fail", "--max-time", "30"]).arg(format!("{}/metrics", served.url));
    let page = output(&mut fetch)?.stdout;
    let mut check = Command::new(promtool);
    let check = check.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut check = check.spawn().context("cannot run promtool")?;
    check.stdin.take().context("standard input is a pipe")?.write_all(&page)?;
    let checked = check.wait_with_output()?;
    let text = format!("{}{}", String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    let wrong: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty() && !CONTRACT_NAMES.contains(line)).collect();
    if !wrong.is_empty() {
        bail!("promtool check metrics:\n{}", wrong.join("\n"));
    }
    let helped = String::from_utf8_lossy(&page).lines().filter(|line| line.starts_with("# HELP")).count();
    Ok(format!("{helped} figures with their meaning, {} names that the contract fixes", CONTRACT_NAMES.len()))
}
