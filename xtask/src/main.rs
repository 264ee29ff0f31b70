//! `cargo xtask run | test | bench | acceptance | docs | deb`: the commands of the repository.

mod acceptance;
mod bench;
mod deb;
mod docs;
mod install;
mod postgres;
mod progress;
mod python;
mod replicas;
mod run;
mod serve;
mod shell;
mod test;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The commands of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask", after_help = "Exit codes: 0 all well, 1 something failed, 2 wrong use.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the dashboard and gad, makes a demo office on first use, and serves it.
    Run(run::Options),
    /// Checks everything: format, lints, all tests on both stores, the dashboard in a browser.
    Test(test::Options),
    /// Measures gad beside the least that could do the same work.
    Bench(bench::Options),
    /// Runs the long checks, all or one by its name.
    Acceptance(acceptance::Options),
    /// Writes the documents that come from the code.
    #[command(alias = "openapi")]
    Docs(docs::Options),
    /// Makes a Debian package.
    Deb(deb::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::test(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::Acceptance(options) => acceptance::acceptance(&options),
        Command::Docs(options) => docs::docs(&options),
        Command::Deb(options) => deb::deb(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
