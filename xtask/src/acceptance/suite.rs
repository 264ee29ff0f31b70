//! A check that runs tests of the repository by a part of their names.

use std::fs::File;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::AcceptanceCheck;
use super::bed::{TestBed, kill};
use super::report::{CheckOutcome, path};
use crate::shell::root;

/// Where tests append their figures, when they run as an acceptance check: JSON objects one after
/// another. The members of each come into the report, below the value of its member `store` if it has
/// one; a member `summary` comes into the closing line.
const OUT: &str = "GAD_ACCEPTANCE_OUT";
/// Last lines of the log that a failed check shows.
const SHOWN: usize = 60;
/// Between two looks whether the tests have ended.
const LOOK: Duration = Duration::from_millis(200);

/// Tests that make up a check.
pub struct Suite {
    /// Package under `crates/` whose tests they are.
    pub package: &'static str,
    /// Test target of the package.
    pub target: &'static str,
    /// Part of the names of the tests.
    pub filter: &'static str,
    /// What they find in the environment beside the servers.
    pub environment: &'static [(&'static str, &'static str)],
    /// Whether `GAD_ACCEPTANCE_REDIS_URL` names a Redis.
    pub redis: bool,
    /// Whether `GAD_ACCEPTANCE_BINARY` names a release build of gad.
    pub release: bool,
}

impl Suite {
    /// All tests of gad; each check names its own.
    pub const DEFAULT: Self =
        Self { package: "gad", target: "it", filter: "", environment: &[], redis: false, release: false };

    /// Builds and runs the tests on both stores; their output goes to `target/acceptance/NAME.log`.
    pub fn run(&self, check: &AcceptanceCheck, bed: &mut TestBed) -> Result<CheckOutcome> {
        let (log, figures) = (path(check.name, "log"), path(check.name, "figures"));
        std::fs::create_dir_all(log.parent().context("a file in a directory")?)?;
        std::fs::write(&figures, "")?;
        let mut command = Command::new(TestBed::test_binary(self.package, self.target)?);
        command.arg(self.filter).current_dir(root().join("crates").join(self.package));
        command.envs(self.environment.iter().copied()).env(OUT, &figures);
        command.env("GAD_TEST_POSTGRES_URL", bed.postgres()?);
        if self.redis {
            command.env("GAD_ACCEPTANCE_REDIS_URL", bed.redis()?);
        }
        if self.release {
            command.env("GAD_ACCEPTANCE_BINARY", TestBed::release_gad()?);
        }
        let to = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(to.try_clone()?).stderr(to);
        eprintln!("  its output is in {}", log.display());
        let child = command.spawn().with_context(|| format!("cannot run {command:?}"))?;
        let status = wait(child, check.limit());
        let said = String::from_utf8_lossy(&std::fs::read(&log)?).into_owned();
        let figures = std::fs::read_to_string(&figures)?;
        judge(&said, &figures, status?)
    }
}

/// Waits for the tests; those that take longer than `limit` are ended, which is an error.
fn wait(mut child: Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > deadline {
            kill(child.id());
            child.wait()?;
            return Ok(None);
        }
        #[expect(clippy::disallowed_methods, reason = "no runtime here; the tests take minutes")]
        std::thread::sleep(LOOK);
    }
}

/// The outcome of tests by their output, their figures and their exit status, if they ended by themselves.
fn judge(said: &str, figures: &str, status: Option<ExitStatus>) -> Result<CheckOutcome> {
    let (figures, summaries) = read_figures(figures)?;
    let passed = count(said, "... ok");
    let failed: Vec<&str> =
        said.lines().filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED")).collect();
    let reason = match status {
        None => Some("took three times as long as expected, and was ended".to_owned()),
        Some(_) if !failed.is_empty() => Some(format!("{} failed", failed.join(", "))),
        Some(status) if !status.success() => Some(format!("the tests ended with {status}")),
        Some(_) if passed == 0 => Some("no test has a name of this check".to_owned()),
        Some(_) => None,
    };
    let all: Vec<&str> = said.lines().collect();
    let tail = all[all.len().saturating_sub(SHOWN)..].join("\n");
    Ok(match reason {
        Some(reason) => CheckOutcome { figures, ..CheckOutcome::failed(format!("{reason}\n{tail}")) },
        None => {
            let counted = format!("{passed} tests");
            let summary = if summaries.is_empty() { counted.clone() } else { summaries.join("; ") };
            CheckOutcome { passed: true, summary, figures, detail: counted }
        }
    })
}

fn count(said: &str, ending: &str) -> usize {
    said.lines().filter(|line| line.starts_with("test ") && line.ends_with(ending)).count()
}

/// The figures of all tests together, and their words for the closing line.
fn read_figures(text: &str) -> Result<(Map<String, Value>, Vec<String>)> {
    let (mut all, mut summaries) = (Map::new(), Vec::new());
    for object in serde_json::Deserializer::from_str(text).into_iter::<Map<String, Value>>() {
        let mut object = object.with_context(|| format!("{OUT} must hold JSON objects"))?;
        if let Some(Value::String(summary)) = object.remove("summary") {
            summaries.push(summary);
        }
        let Some(Value::String(store)) = object.remove("store") else {
            all.extend(object);
            continue;
        };
        let of_store = all.entry(store.clone()).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(of_store) = of_store else { bail!("{OUT}: '{store}' is both a figure and a store") };
        of_store.extend(object);
    }
    Ok((all, summaries))
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use serde_json::json;

    use super::*;

    const WELL: &str = "running 2 tests\ntest a::sqlite::x ... ok\ntest a::postgres::x ... ok\n\ntest result: ok.\n";

    fn ended(code: i32) -> ExitStatus {
        ExitStatus::from_raw(code << 8)
    }

    #[test]
    fn figures_of_stores_lie_side_by_side_and_their_words_close_the_line() {
        let figures = "{\"store\":\"sqlite\",\"cases\":5,\"summary\":\"5 cases on SQLite\"}\n\
            {\"store\":\"postgres\",\"cases\":6}\n{\n \"worst_ms\": 2.5\n}\n";
        let outcome = judge(WELL, figures, Some(ended(0))).unwrap();
        assert_eq!((outcome.passed, outcome.summary.as_str()), (true, "5 cases on SQLite"));
        let expected = json!({ "sqlite": { "cases": 5 }, "postgres": { "cases": 6 }, "worst_ms": 2.5 });
        assert_eq!(Value::Object(outcome.figures), expected);
        assert_eq!(judge(WELL, "", Some(ended(0))).unwrap().summary, "2 tests");
        assert!(judge(WELL, "{\"cases\"", Some(ended(0))).is_err(), "half a figure is none");
    }

    #[test]
    fn tests_that_fail_hang_crash_or_are_not_there_fail_the_check() {
        let failed = WELL.replace("postgres::x ... ok", "postgres::x ... FAILED");
        for (said, status, summary) in [
            (failed.as_str(), Some(ended(101)), "a::postgres::x failed"),
            (WELL, None, "took three times as long as expected, and was ended"),
            (WELL, Some(ended(1)), "the tests ended with exit status: 1"),
            ("running 0 tests\n\ntest result: ok. 0 passed\n", Some(ended(0)), "no test has a name of this check"),
        ] {
            let outcome = judge(said, "{\"cases\":3}", status).unwrap();
            assert_eq!((outcome.passed, outcome.summary.as_str()), (false, summary));
            assert_eq!(outcome.figures["cases"], 3, "what was measured is not lost");
        }
    }

    #[test]
    fn tests_that_take_too_long_are_ended() {
        let child = Command::new("sleep").arg("600").spawn().unwrap();
        assert!(wait(child, Duration::ZERO).unwrap().is_none());
    }
}
