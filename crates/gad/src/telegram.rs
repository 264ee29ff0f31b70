//! The bot beside the API.

use std::sync::Arc;

use api::{Intake, Webhook};
use app::Context;
use async_trait::async_trait;
use bot::Bot;
use resilience::{Dependency, Tasks};
use serde_json::Value;

use crate::config::TelegramBot;

struct Posted(Bot);

#[async_trait]
impl Intake for Posted {
    async fn take(&self, update: Value) -> app::Result<()> {
        bot::intake::receive(&self.0, vec![update]).await.map(drop)
    }
}

/// A bot that was started.
pub struct Started {
    /// How Telegram does.
    pub telegram: Dependency,
    /// The route by which Telegram posts updates, if it does.
    pub webhook: Option<Webhook>,
}

/// Starts the bot, if there is one.
///
/// # Errors
/// See [`TelegramBot::connect`].
pub fn start(settings: &TelegramBot, cx: &Context, tasks: &Tasks) -> anyhow::Result<Option<Started>> {
    let Some((telegram, webhook)) = settings.connect()? else { return Ok(None) };
    let dependency = telegram.dependency().clone();
    let bot = Bot::new(cx.clone(), telegram, settings.groups());
    bot.start(tasks, webhook.clone());
    let path = settings.telegram_webhook_path.clone();
    let webhook = webhook.map(|webhook| Webhook { path, secret: webhook.secret, intake: Arc::new(Posted(bot)) });
    Ok(Some(Started { telegram: dependency, webhook }))
}
