//! How updates come: asked for, or posted to a webhook.

use std::time::{Duration, Instant};

use resilience::Outcome;
use serde_json::{Map, Value, json};

use super::{CALL, Failure, Telegram};

/// Kinds of updates that the bot works; Telegram keeps others to itself.
pub const ALLOWED: [&str; 4] = ["message", "edited_message", "callback_query", "my_chat_member"];

/// Most updates at once; Telegram gives no more.
const MOST: u8 = 100;

/// Where updates are to be posted.
#[derive(Clone)]
pub struct Webhook {
    /// A URL that Telegram can reach.
    pub url: String,
    /// What it shows with each post.
    pub secret: String,
}

impl Telegram {
    /// Updates from `offset` on, as soon as there is one, or none when `wait` is over. Those below
    /// `offset` are forgotten by Telegram.
    ///
    /// # Errors
    /// See [`Failure`]; [`Failure::Conflict`] while a webhook is set or another asks.
    pub async fn updates(&self, offset: Option<i64>, wait: Duration) -> Result<Vec<Value>, Failure> {
        let fields = fields(json!({
            "offset": offset, "limit": MOST, "timeout": wait.as_secs(), "allowed_updates": ALLOWED,
        }));
        let began = Instant::now();
        let outcome = self.exchange("getUpdates", &fields, None, wait + CALL).await;
        // A wait for updates is long by nature: only its failures are noted.
        match &outcome {
            Err(Failure::Late) => self.dependency().note(Outcome::TimedOut, began.elapsed()),
            Err(Failure::Away(_)) => self.dependency().note(Outcome::Failed, began.elapsed()),
            Ok(_) | Err(_) => {}
        }
        match outcome? {
            Value::Array(updates) => Ok(updates),
            _ => Err(Failure::Away("updates that are no list".to_owned())),
        }
    }

    /// Has updates posted. Those that wait are posted too.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn set_webhook(&self, webhook: &Webhook) -> Result<(), Failure> {
        let fields = fields(json!({
            "url": webhook.url, "secret_token": webhook.secret, "allowed_updates": ALLOWED,
        }));
        self.post("setWebhook", &fields, None).await.map(drop)
    }

    /// Shows a menu of commands in private chats, to those whose phone speaks `language` or to all others.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn set_commands(&self, commands: &Value, language: Option<&str>) -> Result<(), Failure> {
        let fields = fields(json!({
            "commands": commands, "scope": { "type": "all_private_chats" }, "language_code": language,
        }));
        self.post("setMyCommands", &fields, None).await.map(drop)
    }

    /// Has updates wait to be asked for. None is lost by it.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn delete_webhook(&self) -> Result<(), Failure> {
        self.post("deleteWebhook", &Map::new(), None).await.map(drop)
    }
}

/// The fields of a call; absent ones are left out.
fn fields(value: Value) -> Map<String, Value> {
    let Value::Object(mut fields) = value else { return Map::new() };
    fields.retain(|_, value| !value.is_null());
    fields
}
