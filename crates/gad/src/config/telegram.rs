//! How the office is reached on Telegram.

use anyhow::{Context as _, Result};
use bot::client::{Address, Token, Webhook};
use bot::model::Destination;
use bot::notices::Groups;
use clap::Args;
use domain::ChatId;
use sha2::{Digest, Sha256};
use url::Url;

/// How the office is reached on Telegram.
#[derive(Clone, Args)]
#[command(next_help_heading = "Telegram")]
pub struct TelegramBot {
    /// The bot's token, as `BotFather` gives it; without one there is no bot.
    #[arg(long, env = "GAD_TELEGRAM_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub telegram_token: Option<String>,
    /// Server of the Bot API: Telegram's own, or one that the office runs itself.
    #[arg(long, env = "GAD_TELEGRAM_API_URL", default_value = "https://api.telegram.org", value_name = "URL",
          value_parser = server)]
    pub telegram_api_url: Url,
    /// Where Telegram reaches this office from outside, like `https://gad.example.org`; it then posts
    /// updates there. Without it Telegram is asked for them.
    #[arg(long, env = "TELEGRAM_WEBHOOK_URL", value_name = "URL", value_parser = public)]
    pub telegram_webhook_url: Option<Url>,
    /// Path of these posts.
    #[arg(long, env = "TELEGRAM_WEBHOOK_PATH", default_value = "/webhook/telegram", value_name = "PATH",
          value_parser = path)]
    pub telegram_webhook_path: String,
    /// What Telegram shows with each post, 1 to 256 of `A-Z a-z 0-9 _ -`; made from the token when
    /// absent.
    #[arg(long, env = "GAD_TELEGRAM_WEBHOOK_SECRET", hide_env_values = true, value_name = "SECRET",
          value_parser = secret)]
    pub telegram_webhook_secret: Option<String>,
    /// Chat in which calls for help are told besides, like `-1001234567890`, or a topic of it, like
    /// `-1001234567890:45`; the bot must be in it.
    #[arg(long, env = "ADMIN_CHAT_ID", value_name = "NUMBER[:TOPIC]", allow_hyphen_values = true,
          value_parser = chat)]
    pub admin_chat_id: Option<Destination>,
    /// Chats of the office's groups, comma-separated, like `supervisores=-1001234567890`, or topics of
    /// chats, like `supervisores=-1001234567890:45`; the groups are `general`, `supervisores`, `emergencias` and `operaciones`. An announcement to a group
    /// without a chat goes to each person whom it concerns.
    #[arg(long, env = "GAD_TELEGRAM_GROUPS", value_name = "GROUP=NUMBER[:TOPIC]", value_delimiter = ',',
          value_parser = group)]
    pub telegram_groups: Vec<(String, Destination)>,
    /// Of no effect, and warned of: accounts that GRUPO_GAD's settings named. An account becomes
    /// somebody's by a one-time code (`gad user link-code`), never by a number in the settings.
    #[arg(long, env = "WHITELIST_IDS", value_name = "NUMBERS")]
    pub whitelist_ids: Option<String>,
}

impl TelegramBot {
    /// Where Telegram is and where it is to post updates; `None` where there is no bot.
    ///
    /// # Errors
    /// A token that is none.
    pub fn address(&self) -> Result<Option<(Address, Option<Webhook>)>> {
        let Some(text) = self.telegram_token.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
        let token = Token::try_from(text).context("telegram_token")?;
        let webhook = self.telegram_webhook_url.as_ref().map(|url| Webhook {
            url: format!("{}{}", url.as_str().trim_end_matches('/'), self.telegram_webhook_path),
            // All replicas come to the same without being told of each other.
            secret: self
                .telegram_webhook_secret
                .clone()
                .unwrap_or_else(|| hex::encode(Sha256::digest(format!("gad webhook of {text}")))),
        });
        Ok(Some((Address::new(self.telegram_api_url.as_str(), token), webhook)))
    }
}

impl TelegramBot {
    /// Whether accounts are named by a setting that has no effect.
    pub fn names_accounts(&self) -> bool {
        self.whitelist_ids.as_deref().is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_digit()))
    }

    /// Chats of the office that belong to nobody.
    pub fn groups(&self) -> Groups {
        Groups { admin: self.admin_chat_id, named: self.telegram_groups.iter().cloned().collect() }
    }
}

/// The number of a chat, of which groups have negative ones, and the number of a topic of it. Messages
/// to topic 1, "General", name no topic.
fn chat(text: &str) -> Result<Destination, String> {
    let (chat, topic) = match text.split_once(':') {
        Some((chat, topic)) => (chat, topic.trim().parse().ok().filter(|topic: &i64| *topic > 0).map(Some)),
        None => (text, Some(None)),
    };
    match (chat.trim().parse(), topic) {
        (Ok(chat), Some(topic)) if chat != 0 => {
            Ok(Destination { chat: ChatId(chat), topic: topic.filter(|topic| *topic != 1) })
        }
        _ => Err("must be the number of a chat, like -1001234567890, or of a topic, like -1001234567890:45".to_owned()),
    }
}

fn group(text: &str) -> Result<(String, Destination), String> {
    let (name, number) = text.split_once('=').unwrap_or((text, ""));
    let name = name.trim();
    if !["general", "supervisores", "emergencias", "operaciones"].contains(&name) {
        return Err("must begin with general=, supervisores=, emergencias= or operaciones=".to_owned());
    }
    chat(number).map(|chat| (name.to_owned(), chat))
}

fn server(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("must be like https://api.telegram.org: {error}"))?;
    let is_server = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    if is_server && url.query().is_none() && url.fragment().is_none() {
        Ok(url)
    } else {
        Err("must begin with https:// or http:// and name a host, with nothing after the path".to_owned())
    }
}

/// Telegram posts to TLS only; plain HTTP is for a server of the Bot API on the same network.
fn public(text: &str) -> Result<Url, String> {
    server(text)
}

fn path(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
    if text.len() > 1 && text.starts_with('/') && !text.ends_with('/') && text.bytes().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err("must begin with / and hold letters, digits, -, _ and / only, like /webhook/telegram".to_owned())
    }
}

fn secret(text: &str) -> Result<String, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if (1..=256).contains(&text.len()) && text.bytes().all(is_allowed) {
        Ok(text.to_owned())
    } else {
        Err("must hold 1 to 256 of A-Z, a-z, 0-9, _ and -".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_may_name_a_topic() {
        let at = |chat, topic| Ok(Destination { chat: ChatId(chat), topic });
        assert_eq!(chat("-100123"), at(-100_123, None));
        assert_eq!(chat(" -100123:45 "), at(-100_123, Some(45)));
        assert_eq!(chat("-100123:1"), at(-100_123, None), "the topic General has no number for messages");
        assert_eq!(group("general=-100123:45").map(|(_, to)| to), at(-100_123, Some(45)));
        for wrong in ["", "0", "x", "-100123:", "-100123:x", "-100123:-4", "-100123:0", ":45"] {
            assert!(chat(wrong).is_err(), "{wrong}");
        }
    }
}
