//! `cargo xtask bench`: the performance budget, on a private PostgreSQL that reaches the disk.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::postgres::PrivatePostgres;
use crate::shell::{cargo, root, succeed, target};
use crate::{install, postgres};

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// Short rounds: figures to develop by, not to quote.
    #[arg(long)]
    quick: bool,
    /// Only rows whose name holds this, like `get-pg` or `sqlite`.
    #[arg(long)]
    row: Option<String>,
    /// Where the figures go as JSON.
    #[arg(long, default_value = "target/bench.json")]
    out: PathBuf,
    /// Do not install what is missing; only say what it is.
    #[arg(long)]
    no_install: bool,
}

/// Builds, measures and prints.
pub fn bench(options: &Options) -> Result<()> {
    let bin = install::postgres(!options.no_install)?;
    let wrk = install::wrk(!options.no_install)?;
    eprintln!("building gad (release); the first time takes a few minutes");
    succeed(cargo().args(["build", "--package", "gad", "--release"]))?;
    let gad = target().join("release/gad");
    let server = PrivatePostgres::start(&bin, postgres::Options { fsync: true })?;
    let mut command = cargo();
    command
        // The profile of gad itself, so that all that both need is built once.
        .args(["bench", "--profile", "release", "--package", "evaluation", "--bench", "budget", "--"])
        .arg("--out")
        .arg(root().join(&options.out))
        .env("GAD_BENCH_BINARY", gad)
        .env("GAD_BENCH_POSTGRES_URL", server.url())
        .env("GAD_BENCH_PGBENCH", bin.join("pgbench"))
        .env("GAD_BENCH_WRK", wrk);
    if options.quick {
        command.arg("--quick");
    }
    if let Some(row) = &options.row {
        command.args(["--row", row]);
    }
    succeed(&mut command)
}
