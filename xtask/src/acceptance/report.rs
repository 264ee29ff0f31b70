//! The report of a check: a closing line for people, and JSON for programs.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::shell::{output, root, target};

/// What a check found.
#[derive(Debug)]
pub struct CheckOutcome {
    /// Whether all held.
    pub passed: bool,
    /// One line for people.
    pub summary: String,
    /// What was measured and counted.
    pub figures: Map<String, Value>,
    /// What is to be known beyond the summary, like the end of the log of a failure.
    pub detail: String,
}

impl CheckOutcome {
    /// A failure with its reason, whose first line is the summary.
    pub fn failed(detail: String) -> Self {
        let summary = detail.lines().next().unwrap_or_default().to_owned();
        Self { passed: false, summary, figures: Map::new(), detail }
    }
}

/// The report of one run of a check, as `target/acceptance/NAME.json` holds it.
#[derive(Debug, Serialize)]
pub struct AcceptanceReport {
    name: &'static str,
    /// Whether all held.
    pub passed: bool,
    /// When it began, in UTC.
    started: String,
    seconds: f64,
    /// The commit that was checked, with `+changes` when files differed from it.
    commit: String,
    figures: Map<String, Value>,
    detail: String,
    #[serde(skip)]
    summary: String,
}

impl AcceptanceReport {
    /// The report of a check that begins now.
    pub fn begin(name: &'static str) -> Result<Self> {
        // A report of a former run must not be taken for that of a run that broke off.
        let file = path(name, "json");
        if file.exists() {
            std::fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
        Ok(Self {
            name,
            passed: false,
            started: said(Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]))?,
            seconds: 0.0,
            commit: commit(),
            figures: Map::new(),
            detail: String::new(),
            summary: String::new(),
        })
    }

    /// Adds what the check found and how long it took.
    pub fn end(&mut self, outcome: CheckOutcome, took: Duration) {
        self.passed = outcome.passed;
        self.seconds = (took.as_secs_f64() * 10.0).round() / 10.0;
        self.figures = outcome.figures;
        self.detail = outcome.detail;
        self.summary = outcome.summary;
    }

    /// Like `dispatch-soak: passed in 612 s: 4100 emergencies`.
    pub fn closing_line(&self) -> String {
        let word = if self.passed { "passed" } else { "failed" };
        format!("{}: {word} in {:.0} s: {}", self.name, self.seconds, self.summary)
    }

    /// Writes it below `target/acceptance/`.
    pub fn write(&self) -> Result<()> {
        let file = path(self.name, "json");
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::create_dir_all(file.parent().context("a file in a directory")?)?;
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

/// A file of a check below `target/acceptance/`.
pub fn path(name: &str, ending: &str) -> PathBuf {
    target().join("acceptance").join(format!("{name}.{ending}"))
}

fn said(command: &mut Command) -> Result<String> {
    Ok(String::from_utf8_lossy(&output(command)?.stdout).trim().to_owned())
}

/// The commit of the working tree; unknown outside of a repository, as in an archive of the source.
fn commit() -> String {
    let git = |arguments: &[&str]| said(Command::new("git").args(arguments).current_dir(root()));
    match (git(&["rev-parse", "HEAD"]), git(&["status", "--porcelain"])) {
        (Ok(commit), Ok(changes)) if changes.is_empty() => commit,
        (Ok(commit), _) => commit + "+changes",
        (Err(_), _) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_its_fields_and_closes_with_one_line() {
        let mut report = AcceptanceReport::begin("a-check-of-the-tests").unwrap();
        let figures = Map::from_iter([("cases".to_owned(), Value::from(7))]);
        let outcome = CheckOutcome { passed: true, summary: "7 cases".to_owned(), figures, detail: String::new() };
        report.end(outcome, Duration::from_millis(612_040));
        assert_eq!(report.closing_line(), "a-check-of-the-tests: passed in 612 s: 7 cases");
        let json = serde_json::to_value(&report).unwrap();
        let fields: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        for field in ["name", "passed", "started", "seconds", "commit", "figures", "detail"] {
            assert!(fields.contains(&field), "{field} in {fields:?}");
        }
        assert_eq!((&json["seconds"], &json["figures"]["cases"]), (&Value::from(612.0), &Value::from(7)));
        assert!(json["started"].as_str().unwrap().ends_with('Z'), "{json}");
    }

    #[test]
    fn a_failure_closes_with_the_first_line_of_its_reason() {
        let mut report = AcceptanceReport::begin("another-check-of-the-tests").unwrap();
        report.end(CheckOutcome::failed("two officers in one task\nthe log".to_owned()), Duration::from_secs(3));
        assert_eq!(report.closing_line(), "another-check-of-the-tests: failed in 3 s: two officers in one task");
    }
}
