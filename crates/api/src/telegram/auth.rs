//! `/telegram/auth/`.

use app::auth::TokenError;
use app::telegram::Authentication;
use app::{Context, Identity};
use axum::extract::State;
use axum::http::StatusCode;
use domain::TelegramId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TelegramCaller;
use crate::error::Result;
use crate::extract::{Id, Json, TextPath, reading_token};
use crate::problem::Problem;

/// Who writes to the bot; what else Telegram says of the account is not used.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"telegram_id": 123_456_789}))]
pub struct AuthenticateIn {
    /// Telegram account.
    telegram_id: i64,
}

/// What is known of a Telegram account.
#[derive(Serialize, ToSchema)]
pub struct AuthenticationOut {
    /// Whether its owner may work.
    authenticated: bool,
    /// Whose it is.
    user_id: Option<i64>,
    /// Telegram account.
    telegram_id: i64,
    /// `LEVEL_1`, `LEVEL_2` or `LEVEL_3`.
    role: Option<&'static str>,
    /// A token for `/telegram/`, good for a week at most.
    token: Option<String>,
    /// In words.
    message: String,
}

/// A token that is good.
#[derive(Serialize, ToSchema)]
pub struct VerifiedOut {
    /// Always `true`.
    valid: bool,
    /// Telegram account.
    telegram_id: i64,
    /// Whose it is.
    user_id: i64,
    /// `LEVEL_1`, `LEVEL_2` or `LEVEL_3`, as it is now.
    role: &'static str,
    /// Epoch seconds.
    expires: i64,
}

/// Signs the owner of an account in. Only the bot may.
#[utoipa::path(post, path = "/api/v1/telegram/auth/authenticate", tag = "telegram",
    operation_id = "telegram_authenticate", security(("bearer" = [])),
    request_body = AuthenticateIn,
    responses((status = 200, body = AuthenticationOut), (status = "4XX", body = Problem)))]
pub async fn authenticate(
    State(cx): State<Context>,
    TelegramCaller(caller): TelegramCaller,
    Json(body): Json<AuthenticateIn>,
) -> Result<Json<AuthenticationOut>> {
    let account = app::telegram::authenticate(&cx, &caller, TelegramId(body.telegram_id)).await?;
    Ok(Json(out(account, |_| "Usuario autenticado correctamente".to_owned(), "no encontrado en el sistema")))
}

/// Looks an account up. The token is only for its owner and for the bot; an owner's is good no longer than
/// the token or session that asks.
#[utoipa::path(get, path = "/api/v1/telegram/auth/{telegram_id}", tag = "telegram",
    operation_id = "telegram_look_up", security(("bearer" = [])),
    params(("telegram_id" = i64, Path)),
    responses((status = 200, body = AuthenticationOut), (status = "4XX", body = Problem)))]
pub async fn look_up(
    State(cx): State<Context>,
    TelegramCaller(caller): TelegramCaller,
    Id(telegram): Id,
    request: axum::extract::Request,
) -> Result<Json<AuthenticationOut>> {
    let (parts, _body) = request.into_parts();
    let shown = reading_token(&parts).unwrap_or_default();
    let account = app::telegram::look_up(&cx, &caller, TelegramId(telegram), &shown).await?;
    Ok(Json(out(account, |name| format!("Usuario {name} autenticado"), "no registrado")))
}

/// Whether a token for Telegram is good.
#[utoipa::path(get, path = "/api/v1/telegram/auth/verify/{token}", tag = "telegram",
    operation_id = "telegram_verify", security(("bearer" = [])),
    params(("token" = String, Path)),
    responses((status = 200, body = VerifiedOut), (status = "4XX", body = Problem)))]
pub async fn verify(
    State(cx): State<Context>,
    TelegramCaller(caller): TelegramCaller,
    TextPath(token): TextPath,
) -> Result<Json<VerifiedOut>> {
    let bad = |detail: &str| Problem::new(StatusCode::UNAUTHORIZED, "bad_token", detail);
    let verified = app::telegram::verify(&cx, &caller, &token).await?.map_err(|why| match why {
        TokenError::Expired => bad("Token expirado"),
        TokenError::Invalid => bad("Token inválido"),
    })?;
    let Identity::User { id, level, .. } = verified.user else { return Err(bad("Token inválido").into()) };
    Ok(Json(VerifiedOut {
        valid: true,
        telegram_id: verified.telegram.0,
        user_id: id.0,
        role: level.role(),
        expires: verified.expires_at.timestamp(),
    }))
}

fn out(account: Authentication, good: impl Fn(&str) -> String, unknown: &str) -> AuthenticationOut {
    let telegram_id = account.telegram.0;
    let message = match &account.user {
        None => format!("Usuario con telegram_id {telegram_id} {unknown}"),
        Some(user) if account.authenticated => good(user.given_name.reveal()),
        Some(user) if !user.verified => "Usuario no verificado".to_owned(),
        Some(_) => "Usuario bloqueado".to_owned(),
    };
    AuthenticationOut {
        authenticated: account.authenticated,
        user_id: account.user.as_ref().map(|user| user.id.0),
        telegram_id,
        role: account.user.as_ref().map(|user| user.level.role()),
        token: account.token,
        message,
    }
}
