//! `cargo xtask test`: everything that must hold, on both stores, and in a browser.

mod alerts;
mod cargo;
mod consumers;
pub mod schemathesis;
mod sockets;
mod web;

use anyhow::{Result, bail};
use clap::Args;

use crate::postgres::{self, PrivatePostgres};
use crate::progress::Progress;
use crate::{docs, install};

/// What to check.
#[derive(Args)]
pub struct Options {
    /// Only unit tests and those on SQLite, without format, lints and PostgreSQL.
    #[arg(long)]
    quick: bool,
    /// Say what is missing instead of installing it.
    #[arg(long)]
    no_install: bool,
    /// Only a part.
    #[command(flatten)]
    only: Only,
    /// Only tests whose name contains this.
    #[arg(long)]
    filter: Option<String>,
}

/// A part that can be checked by itself.
#[derive(Args)]
pub struct Only {
    /// Only the alert rules.
    #[arg(long, conflicts_with_all = ["quick", "filter"])]
    alerts: bool,
    /// Only what reads the published documents, types and figures.
    #[arg(long, conflicts_with_all = ["quick", "filter", "alerts", "web"])]
    consumers: bool,
    /// Only the dashboard.
    #[arg(long, conflicts_with_all = ["quick", "filter", "alerts"])]
    web: bool,
}

/// Checks everything.
pub fn test(options: &Options) -> Result<()> {
    let mut progress = Progress::default();
    let filter = options.filter.as_deref();
    if options.only.alerts {
        progress.step("alert rules", || alerts::rules(!options.no_install));
    } else if options.only.consumers {
        progress.step("readers of what is published", || consumers::readers(!options.no_install));
    } else if options.only.web {
        dashboard(&mut progress, options);
    } else if options.quick {
        progress.step("tests without PostgreSQL", || cargo::tests(filter, None));
    } else {
        progress.step("format", cargo::format);
        progress.step("lints", cargo::lints);
        if filter.is_none() {
            progress.step("alert rules", || alerts::rules(!options.no_install));
        }
        progress.step("Redis, HAProxy and nginx", || {
            install::beside_replicas(!options.no_install)?;
            Ok(cargo::one())
        });
        let mut server = None;
        let mut programs = None;
        progress.step("private PostgreSQL with PostGIS", || {
            let bin = install::postgres(!options.no_install)?;
            server = Some(PrivatePostgres::start(&bin, postgres::Options { fsync: false })?);
            programs = Some(bin);
            Ok(cargo::one())
        });
        if let Some(server) = &server {
            progress.step("tests on both stores", || cargo::tests(filter, Some(server)));
            progress.step("documentation tests", cargo::doc_tests);
            progress.step("documents are current", || docs::check().map(|()| cargo::one()));
        }
        if filter.is_none() {
            progress.step("readers of what is published", || consumers::readers(!options.no_install));
            progress.step("arbitrary requests by the document, SQLite", || {
                schemathesis::requests(!options.no_install, None)
            });
        }
        if filter.is_none() {
            progress.step("closing a WebSocket, by clients of others", || sockets::closing(!options.no_install));
            dashboard(&mut progress, options);
        }
        if let (Some(server), Some(programs), None) = (&server, &programs, filter) {
            progress.step("arbitrary requests by the document, PostgreSQL", || {
                schemathesis::requests(!options.no_install, Some(&server.database(programs, "schemathesis")?))
            });
            progress.step("dashboard in a browser, PostgreSQL", || {
                web::stories(!options.no_install, Some(&server.database(programs, "browser")?))
            });
        }
    }
    if progress.close() { Ok(()) } else { bail!("not all passed") }
}

/// The dashboard by itself, and in a browser on SQLite.
fn dashboard(progress: &mut Progress, options: &Options) {
    let may_install = !options.no_install;
    progress.step("dashboard: format, lints, types", || web::checks(may_install));
    progress.step("dashboard: unit tests", || web::units(may_install));
    progress.step("dashboard in a browser, SQLite", || web::stories(may_install, None));
}
