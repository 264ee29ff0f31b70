//! `gad audit key`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use domain::audit::AuditKey;

use super::operator;
use crate::backup::make_file;
use crate::clock::SystemRng;
use crate::compose;
use crate::config::{OwnKeys, Settings};
use crate::out::{self, Rows};

/// What is done with keys.
#[derive(Subcommand)]
pub enum Command {
    /// Public keys of the office, for whoever is to verify.
    Show(ShowOptions),
    /// A new key takes over from the one that signs; both sign that it does.
    Rotate,
    /// Writes a new key to a file, for `GAD_AUDIT_KEY_FILE`.
    New(NewOptions),
}

/// How to show them.
#[derive(Args)]
pub struct ShowOptions {
    /// As JSON, for scripts.
    #[arg(long)]
    json: bool,
}

/// Where a new key goes.
#[derive(Args)]
pub struct NewOptions {
    /// The file, which must not exist.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Does it.
pub async fn key(settings: &Settings, command: Command) -> Result<()> {
    match command {
        Command::Show(options) => show(settings, &options).await,
        Command::Rotate => rotate(settings).await,
        Command::New(options) => {
            let key = AuditKey::make(&SystemRng);
            write(&options.out, &key)?;
            out::line(format_args!("{} written; its public key is {}", options.out.display(), key.public()))?;
            Ok(())
        }
    }
}

fn write(file: &Path, key: &AuditKey) -> Result<()> {
    let mut made = make_file(file)?;
    made.write_all(key.reveal().as_bytes())?;
    made.sync_all()?;
    Ok(())
}

async fn show(settings: &Settings, options: &ShowOptions) -> Result<()> {
    let store = compose::store(settings, false).await?;
    let (cx, _pool) = compose::office(settings, store.clone()).await?;
    let known = cx.store.read().await?.audit_chain().keys().await?;
    let given = cx.audit.keys().map_err(anyhow::Error::from_boxed)?;
    store.close().await;
    let known: Vec<_> = known.iter().filter_map(domain::audit::KeyStatement::statement).collect();
    if options.json {
        for key in &known {
            out::document(format_args!("{}\n", serde_json::to_string(key)?))?;
        }
        return Ok(());
    }
    let mut table = Rows::new(["number", "key", "public key", "since"]);
    for key in &known {
        let since = key.at.format("%Y-%m-%d %H:%M:%SZ").to_string();
        table.add([key.number.to_string(), key.id.to_string(), key.public.clone(), since]);
    }
    for key in given.iter().map(AuditKey::public).filter(|key| known.iter().all(|known| known.id != key.id())) {
        table.add(["–".to_owned(), key.id().to_string(), key.to_string(), "has not signed yet".to_owned()]);
    }
    out::document(format_args!("{table}\n"))?;
    Ok(())
}

async fn rotate(settings: &Settings) -> Result<()> {
    let store = compose::store(settings, false).await?;
    let (cx, _pool) = compose::office(settings, store.clone()).await?;
    let actor = operator("audit key rotate");
    if settings.office.audit_key.is_some() || settings.record.database_url.is_some() {
        if cx.audit.keys().map_err(anyhow::Error::from_boxed)?.len() < 2 {
            bail!(
                "audit_key holds the keys: make one with `gad audit key new --out FILE`, give it before the old one, \
                 as NEW,OLD, to all replicas, and run this again"
            );
        }
        let id = app::audit::hand_over(&cx, &actor).await?;
        store.close().await;
        out::line(format_args!(
            "key {id} signs from now on; the old one can be taken out of audit_key once all replicas have it"
        ))?;
        return Ok(());
    }
    let own = OwnKeys::of(&settings.record.data_dir);
    // Under its own name only once the record knows it. One that is there was left by a rotation
    // that broke off, and is taken over from where it stood.
    if !own.next().exists() {
        write(&own.next(), &AuditKey::make(&SystemRng))?;
        let own_next = own.next();
        store_sqlite::adopt_owner(&own_next)
            .with_context(|| format!("cannot give {} to the owner of its directory", own_next.display()))?;
    }
    let id = app::audit::hand_over(&cx, &actor).await?;
    std::fs::rename(own.next(), own.file()).with_context(|| format!("cannot replace {}", own.file().display()))?;
    store.close().await;
    out::line(format_args!("key {id} signs from now on"))?;
    Ok(())
}
