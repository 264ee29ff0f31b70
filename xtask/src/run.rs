//! `cargo xtask run`: from a clone to a served demo office with its dashboard.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::shell::{cargo, succeed, target};
use crate::{replicas, web};

/// What to run.
#[derive(Args)]
pub struct Options {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8000")]
    listen: String,
    /// Where the office lives; made and filled with a demo office on first use.
    #[arg(long, default_value = "data")]
    data_dir: PathBuf,
    /// Scaled out: so many replicas on a private PostgreSQL, a private Redis between them and HAProxy
    /// before them, installed from Debian where they are missing.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=32))]
    replicas: Option<u16>,
    /// Build without optimisation.
    #[arg(long)]
    debug: bool,
    /// Say what the dashboard lacks instead of installing it.
    #[arg(long)]
    no_install: bool,
}

/// Builds, fills on first use, and serves until it is told to stop.
pub fn run(options: &Options) -> Result<()> {
    eprintln!("building the dashboard");
    if let Err(problem) = web::npm(!options.no_install).and_then(|npm| npm.build()) {
        // The office works without its screens, and the page at its address says how to build them.
        eprintln!("without a dashboard: {problem:#}");
    }
    let profile = if options.debug { "debug" } else { "release" };
    eprintln!("building gad ({profile}); the first time takes a few minutes");
    let mut build = cargo();
    build.args(["build", "--package", "gad"]);
    if !options.debug {
        build.arg("--release");
    }
    succeed(&mut build)?;
    let gad = target().join(profile).join("gad");
    if let Some(count) = options.replicas {
        return replicas::run(&gad, count, &options.listen, &options.data_dir.join("scaled"));
    }
    if options.data_dir.join("gad.db").exists() {
        eprintln!("office in {} (the log-in was printed when it was made)", options.data_dir.display());
    } else {
        eprintln!("making a demo office in {}", options.data_dir.display());
        succeed(Command::new(&gad).args(["seed", "--demo", "--data-dir"]).arg(&options.data_dir))?;
    }
    // A signal for the terminal's group reaches gad by itself; we only must not end before it.
    ctrlc::set_handler(|| {}).context("cannot wait for signals")?;
    succeed(Command::new(&gad).args(["serve", "--listen", &options.listen, "--data-dir"]).arg(&options.data_dir))
}
