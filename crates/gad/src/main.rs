//! `gad`: field dispatch that an office runs by itself.

mod cli;
mod clock;
mod compose;
mod figures;
mod settings;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

// With glibc's allocator an office held 236 MiB after sign-ins, with this one 32: docs/performance.md.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("gad").build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("gad: cannot start the runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gad: {error:#}");
            exit_code(&error)
        }
    }
}

/// 3 the database cannot be reached, 4 the data directory is in use, 5 the schema does not fit,
/// 1 anything else; clap answers 2 to wrong use.
fn exit_code(error: &anyhow::Error) -> ExitCode {
    let store = error.chain().find_map(|cause| cause.downcast_ref::<store::Error>());
    ExitCode::from(match store {
        Some(store::Error::Unavailable { .. } | store::Error::Full(_)) => 3,
        Some(store::Error::InUse { .. }) => 4,
        Some(store::Error::SchemaTooNew { .. } | store::Error::SchemaTooOld { .. }) => 5,
        Some(store::Error::Conflict(_) | store::Error::Stale | store::Error::Internal(_)) | None => 1,
    })
}
