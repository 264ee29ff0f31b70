//! The commands.

mod asyncapi;
mod audit;
mod backup;
mod config;
mod doctor;
mod evaluate;
mod export;
mod import;
mod link;
mod migrate;
mod openapi;
mod seed;
mod serve;
mod token;
mod user;

use std::ffi::OsString;

use anyhow::Result;
use clap::{Parser, Subcommand};

pub use audit::Broken;

use crate::config::{Layers, Server, Settings};
use crate::out;

/// Field dispatch that an office runs by itself.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 well, 1 failed, 2 wrong use, 3 database not reachable, \
    4 data directory in use, 5 schema does not fit, 6 audit does not hold, \
    141 standard output closed by its reader.\n\nExamples:\n  gad seed --demo && gad serve\n  \
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
    Serve(Box<Server>),
    /// Brings the schema up to date, or says whether it is.
    Migrate(migrate::Options),
    /// Fills an empty office with marked demo data.
    Seed(seed::Options),
    /// Users.
    User {
        #[command(subcommand)]
        command: user::Command,
    },
    /// Makes a short-lived access token for a script.
    Token(token::Options),
    /// Writes tasks or officers for other programs.
    Export(export::Options),
    /// Copies the record while it is in use.
    Backup(backup::BackupOptions),
    /// Puts a copy in the place of the record.
    Restore(backup::RestoreOptions),
    /// The proof that nobody has altered the audit.
    Audit {
        #[command(subcommand)]
        command: audit::Command,
    },
    /// Looks at what an operator would look at first.
    Doctor(doctor::Options),
    /// Measures this program against the office's plan of twelve sections, and writes the report.
    Evaluate(evaluate::Options),
    /// Settings: what is in force, and whether it fits.
    Config {
        #[command(subcommand)]
        command: config::Command,
    },
    /// Brings in what another system holds.
    Import {
        #[command(subcommand)]
        command: import::Command,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints the `AsyncAPI` document.
    Asyncapi,
    /// Prints completions for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Runs a command; `layers` and `arguments` are where its settings came from.
pub async fn run(cli: Cli, layers: &Layers, arguments: &[OsString]) -> Result<()> {
    let settings = &cli.settings;
    // A process that serves has a log for it.
    if let (false, Some(warning)) = (matches!(cli.command, Command::Serve(_)), settings.office.time_zone.warning()) {
        out::notice(format_args!("gad: {warning}"));
    }
    match cli.command {
        Command::Serve(options) => serve::serve(settings, *options).await,
        Command::Migrate(options) => migrate::migrate(settings, options).await,
        Command::Seed(options) => seed::seed(settings, options).await,
        Command::User { command } => user::user(settings, command).await,
        Command::Token(options) => token::token(settings, options).await,
        Command::Export(options) => export::export(settings, options).await,
        Command::Backup(options) => backup::backup(settings, options).await,
        Command::Restore(options) => backup::restore(settings, options).await,
        Command::Audit { command } => audit::audit(settings, command).await,
        Command::Doctor(options) => doctor::doctor(settings, options).await,
        Command::Evaluate(options) => evaluate::evaluate(options, arguments).await,
        Command::Config { command } => config::config(settings, &command, layers, arguments),
        Command::Import { command } => import::import(settings, command).await,
        Command::Openapi => openapi::openapi(),
        Command::Asyncapi => asyncapi::asyncapi(),
        Command::Completions { shell } => {
            use clap::CommandFactory;
            // Into memory first: it panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "gad", &mut script);
            out::document(String::from_utf8_lossy(&script))
        }
    }
}
