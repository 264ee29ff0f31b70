//! Where Telegram posts updates.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::error::Result;
use crate::settings::ApiSettings;

/// What Telegram shows with each post (Bot API, `setWebhook`).
const SECRET: &str = "x-telegram-bot-api-secret-token";

/// Where updates go, and who may bring them.
#[derive(Clone)]
pub struct Webhook {
    /// Path of the route, with its slash.
    pub path: String,
    /// What Telegram was told to show.
    pub secret: String,
    /// What keeps updates.
    pub intake: Arc<dyn Intake>,
}

/// Keeps updates.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Keeps one. It is committed when this has returned.
    async fn take(&self, update: Value) -> app::Result<()>;
}

/// Takes an update. Telegram repeats it until it gets a 2xx, so that is said after the commit only.
///
/// Whoever does not know the secret is told that there is nothing here.
pub async fn take(State(settings): State<ApiSettings>, request: Request) -> Result<StatusCode> {
    let Some(webhook) = &settings.webhook else { return Ok(StatusCode::NOT_FOUND) };
    let shown = request.headers().get(SECRET).map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
    if webhook.secret.is_empty() || !bool::from(webhook.secret.as_bytes().ct_eq(shown)) {
        metrics::counter!("gad_telegram_updates_total", "outcome" => "forged").increment(1);
        return Ok(StatusCode::NOT_FOUND);
    }
    let Ok(body) = Bytes::from_request(request, &()).await else { return Ok(StatusCode::PAYLOAD_TOO_LARGE) };
    // What cannot be read now cannot be read when it is repeated either.
    let Ok(update) = serde_json::from_slice(&body) else {
        metrics::counter!("gad_telegram_updates_total", "outcome" => "unreadable").increment(1);
        return Ok(StatusCode::OK);
    };
    webhook.intake.take(update).await?;
    Ok(StatusCode::OK)
}
