//! `gad migrate`.

use anyhow::{Result, bail};
use clap::Args;

use crate::compose;
use crate::config::Settings;
use crate::out;

/// What to do with the schema.
#[derive(Args)]
pub struct Options {
    /// Change nothing; end with 1 when migrations are pending.
    #[arg(long)]
    check: bool,
}

/// Brings the schema up to date, or says whether it is.
pub async fn migrate(settings: &Settings, options: Options) -> Result<()> {
    // Where there is no embedded record yet, all is pending in the one that is made.
    let store = if options.check && settings.record.exists() {
        compose::reading(settings).await?
    } else {
        compose::store(settings, false).await?
    };
    if options.check {
        let state = store.schema().await?;
        out::line(format_args!("schema {} of {}, {} pending", state.found, state.known, state.pending))?;
        return match state.check() {
            Err(store::Error::SchemaTooOld { .. }) => {
                bail!("{} migration(s) pending: run `gad migrate`", state.pending)
            }
            outcome => Ok(outcome?),
        };
    }
    let applied = store.migrate().await?;
    match applied.last() {
        Some(last) => out::line(format_args!("{} migration(s) applied, schema {last}", applied.len()))?,
        None => out::line("the schema is up to date")?,
    }
    store.close().await;
    Ok(())
}
