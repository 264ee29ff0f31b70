//! `gad user link-code` and `gad user unlink`.

use anyhow::{Context as _, Result};
use app::Context;

use super::user::{find, operator};
use crate::out;

/// Makes a code by which a user's Telegram account is linked, and says what to do with it.
pub async fn code(cx: &Context, text: &str, json: bool) -> Result<()> {
    let id = find(cx, text).await?;
    let issued = app::telegram::link::issue(cx, &operator("user link-code"), id).await.context("no code was made")?;
    if json {
        let line = serde_json::json!({ "usuario_id": id, "codigo": issued.code.reveal(),
            "vence_en": issued.expires_at, "orden": issued.command(), "enlace": issued.url() });
        out::document(format_args!("{line}\n"))?;
        return Ok(());
    }
    out::line(format_args!("code of user {id}: {}", issued.code.reveal()))?;
    out::line(format_args!(
        "good once, until {}; codes made before for this user are void",
        issued.expires_at.format("%F %R UTC")
    ))?;
    out::line(format_args!("the user writes to the bot: {}", issued.command()))?;
    match issued.url() {
        Some(url) => out::line(format_args!("or opens: {url}"))?,
        None => out::line("set telegram_bot_name, and there is a link that does it too")?,
    }
    Ok(())
}

/// Ends the link of a user.
pub async fn unlink(cx: &Context, text: &str) -> Result<()> {
    let id = find(cx, text).await?;
    let ended = app::telegram::link::unlink(cx, &operator("user unlink"), id).await.context("the link stands")?;
    out::line(format_args!(
        "user {id} {}",
        if ended.is_some() { "is no longer linked to Telegram" } else { "was not linked" }
    ))?;
    Ok(())
}
