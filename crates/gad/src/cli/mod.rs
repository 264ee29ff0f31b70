//! The commands.

mod import;
mod migrate;
mod openapi;
mod seed;
mod serve;
mod user;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::settings::Settings;

/// Field dispatch that an office runs by itself.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 well, 1 failed, 2 wrong use, 3 database not reachable, \
    4 data directory in use, 5 schema does not fit.\n\nExamples:\n  gad seed --demo && gad serve\n  \
    gad serve --database-url postgres://gad@db/gad"
)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the office.
    Serve(serve::Options),
    /// Brings the schema up to date, or says whether it is.
    Migrate(migrate::Options),
    /// Fills an empty office with marked demo data.
    Seed(seed::Options),
    /// Users.
    User {
        #[command(subcommand)]
        command: user::Command,
    },
    /// Brings in what another system holds.
    Import {
        #[command(subcommand)]
        command: import::Command,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints completions for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Runs a command.
pub async fn run(cli: Cli) -> Result<()> {
    let settings = &cli.settings;
    match cli.command {
        Command::Serve(options) => serve::serve(settings, options).await,
        Command::Migrate(options) => migrate::migrate(settings, options).await,
        Command::Seed(options) => seed::seed(settings, options).await,
        Command::User { command } => user::user(settings, command).await,
        Command::Import { command } => import::import(settings, command).await,
        Command::Openapi => openapi::openapi(),
        Command::Completions { shell } => {
            use clap::CommandFactory;
            clap_complete::generate(shell, &mut Cli::command(), "gad", &mut std::io::stdout());
            Ok(())
        }
    }
}
