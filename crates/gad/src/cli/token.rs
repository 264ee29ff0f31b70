//! `gad token`.

use anyhow::{Context as _, Result};
use clap::Args;

use super::user::{find, operator};
use crate::compose;
use crate::config::Settings;
use crate::out;

/// A token for a script.
#[derive(Args)]
pub struct Options {
    /// Number or e-mail of the user whose rights it has.
    user: String,
    /// Minutes that it is good; it cannot be prolonged.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(i64).range(1..=1440))]
    minutes: i64,
    /// As JSON, with its end and its session.
    #[arg(long)]
    json: bool,
}

/// Makes an access token and prints it.
pub async fn token(settings: &Settings, options: Options) -> Result<()> {
    let store = compose::store(settings, false).await?;
    let (cx, _pool) = compose::office(settings, store.clone()).await?;
    let outcome = mint(&cx, options).await;
    store.close().await;
    outcome
}

async fn mint(cx: &app::Context, options: Options) -> Result<()> {
    let id = find(cx, &options.user).await?;
    let ttl = chrono::TimeDelta::minutes(options.minutes);
    let minted = app::auth::mint(cx, &operator("token"), id, ttl).await.context("no token was made")?;
    if options.json {
        let line = serde_json::json!({ "usuario_id": id, "access_token": minted.token,
            "expira_en": minted.expires_at, "session_id": minted.session });
        out::document(format_args!("{line}\n"))?;
        return Ok(());
    }
    out::notice(format_args!("token of user {id}, good until {}", minted.expires_at.format("%F %T UTC")));
    out::line(&minted.token)?;
    Ok(())
}
