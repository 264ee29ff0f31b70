//! What checks run against: servers and binaries that are shared by the checks of one run.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::install;
use crate::postgres::{self, PrivatePostgres};
use crate::replicas::{self, Beside};
use crate::shell::{ALL_TESTS, cargo, succeed, target};

/// Servers and binaries, each started or built when first asked for. Servers end with the bed.
pub struct TestBed {
    may_install: bool,
    postgres: Option<PrivatePostgres>,
    redis: Option<(Beside, String)>,
}

impl TestBed {
    /// A bed with nothing in it; `may_install` says whether missing programs are installed.
    pub fn new(may_install: bool) -> Self {
        Self { may_install, postgres: None, redis: None }
    }

    /// Whether missing programs are installed.
    pub const fn may_install(&self) -> bool {
        self.may_install
    }

    /// URL of the maintenance database of a private PostgreSQL, where tests make their databases.
    pub fn postgres(&mut self) -> Result<String> {
        if self.postgres.is_none() {
            let bin = install::postgres(self.may_install)?;
            self.postgres = Some(PrivatePostgres::start(&bin, postgres::Options { fsync: false })?);
        }
        self.postgres.as_ref().map(PrivatePostgres::url).context("PostgreSQL has just been started")
    }

    /// URL of a private, empty Redis.
    pub fn redis(&mut self) -> Result<String> {
        if self.redis.is_none() {
            install::beside_replicas(self.may_install)?;
            let address = replicas::free()?;
            self.redis = Some((replicas::redis(address)?, format!("redis://{address}")));
        }
        self.redis.as_ref().map(|(_, url)| url.clone()).context("Redis has just been started")
    }

    /// Builds `gad` as it is installed and gives its path. Tests find the one that they are built with
    /// by themselves.
    pub fn release_gad() -> Result<PathBuf> {
        succeed(cargo().args(["build", "--quiet", "--package", "gad", "--release"]))?;
        Ok(target().join("release/gad"))
    }

    /// Builds the tests and gives the binary of a test target of a package.
    pub fn test_binary(package: &str, target: &str) -> Result<PathBuf> {
        let mut command = cargo();
        command.args(["test", "--no-run", "--quiet", "--message-format=json-render-diagnostics"]).args(ALL_TESTS);
        let built = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run {command:?}"))?;
        if !built.status.success() {
            bail!("the tests do not build");
        }
        let messages = String::from_utf8_lossy(&built.stdout);
        let found = executable(&messages, package, target);
        found.with_context(|| format!("package {package} has no test target {target}"))
    }
}

/// The executable that cargo's messages name for a test target.
fn executable(messages: &str, package: &str, target: &str) -> Option<PathBuf> {
    let manifest = format!("/{package}/Cargo.toml");
    messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_wanted = message["target"]["name"] == target
            && message["target"]["kind"][0] == "test"
            && message["manifest_path"].as_str()?.ends_with(&manifest);
        is_wanted.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
    })
}

/// Ends a program and those that it started, when it has taken too long.
pub fn kill(pid: u32) {
    let pid = pid.to_string();
    for (program, arguments) in [("pkill", ["-KILL", "-P", pid.as_str()].as_slice()), ("kill", &["-KILL", &pid])] {
        // What has ended meanwhile need not be ended.
        let _ended = Command::new(program).args(arguments).stderr(Stdio::null()).status();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_of_a_test_target_is_found_among_the_messages_of_cargo() {
        let message = |path: &str, name: &str, kind: &str, executable: &str| {
            serde_json::json!({ "reason": "compiler-artifact", "manifest_path": path,
                "target": { "name": name, "kind": [kind] }, "executable": executable })
            .to_string()
        };
        let messages = [
            message("/w/crates/gad/Cargo.toml", "gad", "bin", "/t/debug/gad"),
            message("/w/crates/api/Cargo.toml", "it", "test", "/t/debug/deps/it-1"),
            "not a message".to_owned(),
            message("/w/crates/gad/Cargo.toml", "it", "test", "/t/debug/deps/it-2"),
        ];
        let messages = messages.join("\n");
        assert_eq!(executable(&messages, "gad", "it"), Some(PathBuf::from("/t/debug/deps/it-2")));
        assert_eq!(executable(&messages, "gad", "other"), None);
    }
}
