//! `cargo xtask deb`: a Debian package, by dpkg-deb alone. `cargo deb` makes the same after minutes
//! of compiling itself.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::shell::{cargo, output, root, succeed, target};
use crate::web;

/// What to make it of.
#[derive(Args)]
pub struct Options {
    /// A built gad; without one the dashboard and a release are built.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Where the package goes; `target/debian` by default.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Makes the package and says where it lies.
pub fn deb(options: &Options) -> Result<()> {
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => {
            web::npm(true)?.build()?;
            succeed(cargo().args(["build", "--release", "--package", "gad"]))?;
            target().join("release/gad")
        }
    };
    let said = output(Command::new(&binary).arg("--version"))?.stdout;
    let version = String::from_utf8_lossy(&said).split_whitespace().last().context("gad --version")?.to_owned();
    let out = options.out.clone().unwrap_or_else(|| target().join("debian"));
    let script = root().join("deploy/debian/build");
    let package = output(Command::new(script).arg(&binary).arg(version).arg(&out).arg("-Zxz"))?.stdout;
    print!("{}", String::from_utf8_lossy(&package));
    Ok(())
}
