//! What cargo checks.

use std::process::Command;

use anyhow::{Context, Result};

use crate::postgres::PrivatePostgres;
use crate::progress::Counted;
use crate::shell::{ALL_TESTS, cargo};

/// Tests at once. Most of them wait, for a timer of the bot or for a lease, so that twice the cores of the
/// smallest machine are idle with as many tests as cores.
const TEST_THREADS: &str = "6";

/// A step that counts as itself.
pub fn one() -> Counted {
    Counted { passed: 1, failed: 0, output: String::new() }
}

fn counted_as_one(command: &mut Command) -> Result<Counted> {
    let (ok, output) = run(command)?;
    Ok(Counted { passed: u64::from(ok), failed: u64::from(!ok), output })
}

fn run(command: &mut Command) -> Result<(bool, String)> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok((output.status.success(), text))
}

/// `cargo fmt --check`.
pub fn format() -> Result<Counted> {
    counted_as_one(cargo().args(["fmt", "--all", "--check"]))
}

/// Clippy as the workspace configures it; a warning is an error here.
pub fn lints() -> Result<Counted> {
    counted_as_one(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
}

/// All tests, those on PostgreSQL against `server`; without one they are left out.
pub fn tests(filter: Option<&str>, server: Option<&PrivatePostgres>) -> Result<Counted> {
    let mut command = cargo();
    command.arg("test").args(ALL_TESTS).args(["--no-fail-fast", "--quiet"]);
    command.env("INSTA_UPDATE", "no");
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        command.env("RUST_TEST_THREADS", TEST_THREADS);
    }
    match server {
        Some(server) => {
            command.env("GAD_TEST_POSTGRES_URL", server.url());
            command.env("GAD_TEST_POSTGRES_ADMIN_URL", server.superuser_url());
        }
        None => {
            command.args(["--exclude", "store-pg", "--exclude", "xtask"]);
        }
    }
    command.arg("--").args(filter);
    if server.is_none() {
        command.args(["--skip", "postgres"]);
    }
    counted_by_lines(&mut command)
}

/// The examples in docstrings.
pub fn doc_tests() -> Result<Counted> {
    counted_by_lines(cargo().args(["test", "--workspace", "--doc", "--quiet"]))
}

fn counted_by_lines(command: &mut Command) -> Result<Counted> {
    let (ok, output) = run(command)?;
    let (mut passed, mut failed) = (0, 0);
    for line in output.lines().filter(|line| line.starts_with("test result:")) {
        passed += number_before(line, " passed");
        failed += number_before(line, " failed");
    }
    // What does not even compile has no line.
    if !ok && failed == 0 {
        failed = 1;
    }
    Ok(Counted { passed, failed, output })
}

fn number_before(line: &str, word: &str) -> u64 {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number_before;

    #[test]
    fn the_closing_line_of_a_test_binary_is_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!((number_before(line, " passed"), number_before(line, " failed")), (12, 3));
    }
}
