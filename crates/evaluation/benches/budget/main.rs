//! The performance budget: gad beside the least that could do the same work, in turn, on the same
//! machine. Started by `cargo xtask bench`, which brings PostgreSQL and a release build.

mod agree;
mod bench;
mod cached;
mod events;
mod get;
mod intake;
mod login;
mod meter;
mod nearest;
mod office;
mod overload;
mod pgbench;
mod post;
mod report;
mod sockets;
mod sqlite;
mod start;
mod weighed;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Parser;

use bench::Bench;
use report::Row;

/// The performance budget.
#[derive(Parser)]
pub struct Cli {
    /// Short rounds: figures to develop by, not to quote.
    #[arg(long)]
    quick: bool,
    /// Only rows whose name holds this.
    #[arg(long, default_value = "")]
    row: String,
    /// Where the figures go as JSON.
    #[arg(long, default_value = "target/bench.json")]
    out: PathBuf,
    /// The gad to be measured.
    #[arg(long, env = "GAD_BENCH_BINARY")]
    gad: Option<PathBuf>,
    /// The maintenance database of a PostgreSQL of our own.
    #[arg(long, env = "GAD_BENCH_POSTGRES_URL")]
    postgres: Option<String>,
    /// The pgbench of the same version.
    #[arg(long, env = "GAD_BENCH_PGBENCH")]
    pgbench: Option<PathBuf>,
    /// Another generator of load.
    #[arg(long, env = "GAD_BENCH_WRK")]
    wrk: Option<PathBuf>,
    /// What cargo says to all benches.
    #[arg(long, hide = true)]
    bench: bool,
    /// Be the bare server that `cached` is measured against.
    #[arg(long, hide = true)]
    serve_bare: Option<String>,
    /// Be the bare server that `ws-fan-out` is measured against.
    #[arg(long, hide = true)]
    serve_bare_sockets: bool,
}

type Measure = fn(&mut Bench) -> Result<Row>;

/// All rows, those that add to a table after those that read it.
const ROWS: [(&str, Measure); 19] = [
    ("get-pg", get::postgres),
    ("get-sqlite", get::sqlite),
    ("cached", cached::health),
    ("post-pg", post::postgres),
    ("post-sqlite", post::sqlite),
    ("intake-pg", intake::postgres),
    ("intake-sqlite", intake::sqlite),
    ("nearest-pg", nearest::postgres),
    ("nearest-sqlite", nearest::sqlite),
    ("login", login::login),
    ("start", start::start),
    ("overload-pg", overload::postgres),
    ("overload-sqlite", overload::sqlite),
    ("ws-idle", sockets::idle),
    ("ws-fan-out", sockets::fan_out),
    ("ws-redis", events::through_redis),
    ("ws-log", events::through_log),
    ("ws-sequence", events::sequenced),
    ("wrk", agree::wrk),
];

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.serve_bare {
        Some(body) => cached::serve_bare(body.clone()),
        None if cli.serve_bare_sockets => sockets::serve_bare(),
        None => run(cli),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    const HOW: &str = "is not given: run `cargo xtask bench`";
    let gad = cli.gad.with_context(|| format!("the binary {HOW}"))?;
    let postgres = cli.postgres.with_context(|| format!("the database {HOW}"))?;
    let pgbench = cli.pgbench.with_context(|| format!("pgbench {HOW}"))?;
    let chosen: Vec<_> = ROWS.iter().filter(|(name, _)| name.contains(&cli.row)).collect();
    ensure!(!chosen.is_empty(), "no row is called so; there are {}", ROWS.map(|(name, _)| name).join(", "));
    let mut bench = Bench::new(gad, postgres, pgbench, cli.quick)?.beside(cli.wrk);
    let facts = report::facts(&mut bench)?;
    let mut rows = Vec::new();
    for (name, measure) in chosen {
        eprintln!("… {name}");
        // One row that fails must not cost the others.
        let mut row = measure(&mut bench).unwrap_or_else(|error| Row::broken(name, &error));
        row.name = name;
        eprintln!("  {}", row.line());
        rows.push(row);
    }
    bench.close()?;
    report::print(&rows, &facts);
    report::write(&cli.out, &rows, &facts)
}
