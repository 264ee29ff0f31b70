//! `gad`: field dispatch that an office runs by itself.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod audit;
mod background;
mod backup;
mod cli;
mod clock;
mod compose;
mod config;
mod figures;
mod http;
mod import;
mod log;
mod otlp;
mod out;
mod private;
mod reload;
mod startup;
mod systemd;
mod telegram;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use tikv_jemallocator::Jemalloc;

use crate::cli::Cli;
use crate::config::Layers;

/// What clap answers to wrong use, too.
const WRONG_USE: u8 = 2;
/// The audit does not prove itself.
const BROKEN: u8 = 6;

// It gives back what thousands of sockets and password hashes held, by a thread of its own
// (docs/decisions/0013-allocator.md); how soon, `.cargo/config.toml` says where it is built.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let layers = match Layers::read(Cli::command(), &arguments) {
        Ok(layers) => layers,
        Err(error) => {
            out::notice(format_args!("gad: {error:#}"));
            return ExitCode::from(WRONG_USE);
        }
    };
    let cli = layers.matches(&arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = cli.unwrap_or_else(|error| error.exit());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("gad").build() {
        Ok(runtime) => runtime,
        Err(error) => {
            out::notice(format_args!("gad: cannot start the runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(cli, &layers, &arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if out::is_closed() => ExitCode::from(out::CLOSED),
        Err(error) => {
            let wrong_use = error.downcast_ref::<clap::Error>().map(ToString::to_string);
            let text = wrong_use.map_or_else(|| format!("gad: {error:#}"), |text| text.trim_end().to_owned());
            out::without_blocking(move || out::notice(text));
            exit_code(&error)
        }
    }
}

/// 3 the database cannot be reached, 4 the data directory is in use, 5 the schema does not fit,
/// 6 the audit does not hold, 2 the address of Redis cannot be used, 1 anything else; clap answers 2 to
/// wrong use. 141 is [`out::CLOSED`].
fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<cli::Broken>() {
        return ExitCode::from(BROKEN);
    }
    let names_no_redis = error.chain().any(<dyn std::error::Error>::is::<bus::redis::RedisAddressError>);
    if error.is::<clap::Error>() || names_no_redis {
        return ExitCode::from(WRONG_USE);
    }
    let of_use_case = error.chain().find_map(|cause| cause.downcast_ref::<app::Error>());
    if let Some(app::Error::Unavailable { .. } | app::Error::StorageFull(_) | app::Error::ReadOnly(_)) = of_use_case {
        return ExitCode::from(3);
    }
    let store = error.chain().find_map(|cause| cause.downcast_ref::<store::Error>());
    ExitCode::from(match store {
        Some(store::Error::Unavailable { .. } | store::Error::Full(_) | store::Error::ReadOnly(_)) => 3,
        Some(store::Error::InUse { .. }) => 4,
        Some(store::Error::SchemaTooNew { .. } | store::Error::SchemaTooOld { .. }) => 5,
        Some(
            store::Error::Conflict(_)
            | store::Error::Contention(_)
            | store::Error::Stale
            | store::Error::Denied(_)
            | store::Error::Unprepared(_)
            | store::Error::Internal(_),
        )
        | None => 1,
    })
}
