//! How the bot hears: by asking, or at its webhook.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::super::answer::{Outcome, Refused};
use super::super::breach::Kind;
use super::super::call::Call;
use super::super::state::{Hub, State, Webhook};

/// Longest wait of one `getUpdates`.
const LONGEST: u64 = 50;

/// `getUpdates`: of two at once the later goes on, and the earlier ends with a 409.
pub async fn get(hub: &Hub, call: &Call) -> Outcome {
    let seconds = call.int("timeout").and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0).min(LONGEST);
    let until = Instant::now() + Duration::from_secs(seconds);
    let limit =
        call.int("limit").and_then(|limit| usize::try_from(limit).ok()).map_or(100, |limit| limit.clamp(1, 100));
    let allowed = call.json("allowed_updates")?;
    let mut changes = hub.changes();
    let mine = hub.change(|state| {
        allow(state, allowed);
        confirm(state, call.int("offset").unwrap_or(0));
        state.reader += 1;
        state.reader
    });
    loop {
        let found = hub.look().read(mine, limit);
        let found = found.inspect_err(|refused| {
            hub.look().breach(Kind::TwoReaders, None, format!("getUpdates: {}", refused.description));
        })?;
        if !found.is_empty() {
            return Ok(Value::Array(found));
        }
        // The sender of changes lives as long as the hub; only the time can run out.
        if timeout_at(until, changes.changed()).await.is_err() {
            return Ok(json!([]));
        }
    }
}

fn confirm(state: &mut State, offset: i64) {
    if offset < 0 {
        let keep = usize::try_from(-offset).unwrap_or(usize::MAX);
        let gone = state.updates.len().saturating_sub(keep);
        state.updates.drain(..gone);
    } else {
        state.updates.retain(|update| update.id >= offset);
    }
}

fn allow(state: &mut State, allowed: Option<Value>) {
    if let Some(Value::Array(kinds)) = allowed {
        state.allowed = kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
}

impl State {
    fn read(&self, reader: u64, limit: usize) -> Result<Vec<Value>, Refused> {
        if self.webhook.is_some() {
            let words =
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
            return Err(Refused::conflict(words));
        }
        if self.reader != reader {
            let words = "terminated by other getUpdates request; make sure that only one bot instance is running";
            return Err(Refused::conflict(words));
        }
        Ok(self.updates.iter().take(limit).map(|update| update.body.clone()).collect())
    }
}

/// `setWebhook`.
pub fn set_webhook(state: &mut State, call: &Call) -> Outcome {
    let url = call.text("url").unwrap_or_default();
    if url.is_empty() {
        return Ok(delete_webhook(state, call));
    }
    if url::Url::parse(url).is_err() {
        return Err(Refused::bad("bad webhook: invalid URL specified"));
    }
    let secret = call.text("secret_token").map(str::to_owned);
    let allows = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if secret.as_ref().is_some_and(|secret| secret.is_empty() || secret.len() > 256 || !secret.chars().all(allows)) {
        return Err(Refused::bad("secret token contains unallowed characters"));
    }
    if call.flag("drop_pending_updates") {
        state.updates.clear();
    }
    allow(state, call.json("allowed_updates")?);
    let connections = call.int("max_connections").and_then(|most| usize::try_from(most).ok()).unwrap_or(40);
    state.webhook =
        Some(Webhook { url: url.to_owned(), secret, connections: connections.clamp(1, 100), last_error: None });
    Ok(json!(true))
}

/// `deleteWebhook`.
pub fn delete_webhook(state: &mut State, call: &Call) -> Value {
    if call.flag("drop_pending_updates") {
        state.updates.clear();
    }
    state.webhook = None;
    json!(true)
}

/// `getWebhookInfo`.
pub fn webhook_info(state: &State) -> Value {
    let webhook = state.webhook.clone().unwrap_or_default();
    let mut info = json!({ "url": webhook.url, "has_custom_certificate": false,
        "pending_update_count": state.updates.len() });
    if state.webhook.is_some() {
        info["max_connections"] = json!(webhook.connections);
    }
    if !state.allowed.is_empty() {
        info["allowed_updates"] = json!(state.allowed);
    }
    if let Some((at, words)) = webhook.last_error {
        (info["last_error_date"], info["last_error_message"]) = (json!(at), json!(words));
    }
    info
}
