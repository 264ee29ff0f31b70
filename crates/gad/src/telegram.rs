//! The bot beside the API.

use std::sync::Arc;

use api::{Intake, Webhook};
use app::Context;
use app::note::Files;
use async_trait::async_trait;
use bot::Bot;
use bot::client::Telegram;
use resilience::{Dependency, Tasks};
use serde_json::Value;

use crate::config::TelegramBot;

/// What the API has of the bot.
#[derive(Default)]
pub struct OfBot {
    /// How Telegram does.
    pub telegram: Option<Dependency>,
    /// The route by which Telegram posts updates, if it does.
    pub webhook: Option<Webhook>,
    /// What fetches the files that people sent.
    pub files: Option<Arc<dyn Files>>,
    /// How readiness names that its client could not be made.
    pub failure: Option<&'static str>,
}

struct Posted(Bot);

#[async_trait]
impl Intake for Posted {
    async fn take(&self, update: Value) -> app::Result<()> {
        bot::intake::receive(&self.0, vec![update]).await.map(drop)
    }
}

/// Starts the bot, if there is one. Without `tasks` this process is not the bot: it only takes what
/// Telegram posts, for whoever is, and fetches files.
///
/// A client that cannot be made (a system without CA certificates) switches off the bot and nothing else.
///
/// # Errors
/// See [`TelegramBot::address`].
pub fn start(settings: &TelegramBot, cx: &Context, tasks: Option<&Tasks>) -> anyhow::Result<OfBot> {
    let Some((address, webhook)) = settings.address()? else { return Ok(OfBot::default()) };
    let telegram = match Telegram::new(address) {
        Ok(telegram) => telegram,
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(
                code = "telegram.off",
                error,
                "telegram: the bot is off until the next start, as its client cannot be made: install CA certificates \
                 (ca-certificates)"
            );
            return Ok(OfBot { failure: Some("error: off"), ..OfBot::default() });
        }
    };
    if settings.names_accounts() {
        tracing::warn!(
            code = "telegram.whitelist",
            "whitelist_ids has no effect: link each account by a code (gad user link-code)"
        );
    }
    let dependency = telegram.dependency().clone();
    let files: Arc<dyn Files> = Arc::new(telegram.clone());
    let bot = Bot::new(cx.clone(), telegram, settings.groups());
    if let Some(tasks) = tasks {
        bot.start(tasks, webhook.clone());
    }
    let path = settings.telegram_webhook_path.clone();
    let webhook = webhook.map(|webhook| Webhook { path, secret: webhook.secret, intake: Arc::new(Posted(bot)) });
    Ok(OfBot { telegram: Some(dependency), webhook, files: Some(files), failure: None })
}
