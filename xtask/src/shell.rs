//! Other programs, and where the repository lies.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The cargo that runs us, without what it told us about ourselves: some build scripts look at
/// that, and everything above them would be built anew whenever cargo is called in another way.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let of_ourselves = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_BIN_NAME"
        });
        if of_ourselves {
            command.env_remove(name);
        }
    }
    command.current_dir(root());
    command
}

/// Runs a program to its end and gives what it printed; an error holds all of that.
pub fn output(command: &mut Command) -> Result<Output> {
    let name = format!("{command:?}");
    let output = command.output().with_context(|| format!("cannot run {name}"))?;
    if !output.status.success() {
        bail!("{name} failed:\n{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    Ok(output)
}

/// Runs a program that shows what it does itself.
pub fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    if status.success() { Ok(()) } else { bail!("{command:?} ended with {status}") }
}

/// Whether we are root.
pub fn is_root() -> Result<bool> {
    Ok(String::from_utf8_lossy(&output(Command::new("id").arg("-u"))?.stdout).trim() == "0")
}

/// What all tests are built with; the same words build the same things, and building twice in
/// other words would build every dependency twice.
pub const ALL_TESTS: [&str; 4] = ["--workspace", "--bins", "--lib", "--tests"];

/// The `gad` that the tests run, built when it is not current.
pub fn tested_gad() -> Result<PathBuf> {
    output(cargo().args(["test", "--no-run", "--quiet"]).args(ALL_TESTS))?;
    Ok(target().join("debug/gad"))
}
