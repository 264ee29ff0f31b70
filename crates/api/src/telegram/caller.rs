//! Who asks under `/telegram/`.

use app::Context;
use app::auth::Audience;
use app::telegram::Caller;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use subtle::ConstantTimeEq;

use crate::error::ApiError;
use crate::extract::{request_of, token, user_of_token};
use crate::layer::UnusableKey;
use crate::settings::ApiSettings;

/// The bot by its own secret, or a user by a token for REST or for Telegram.
pub struct TelegramCaller(pub Caller);

/// The bot by its own secret, or a user by a token for REST.
pub struct RestCaller(pub Caller);

impl<S> FromRequestParts<S> for TelegramCaller
where
    S: Send + Sync,
    Context: FromRef<S>,
    ApiSettings: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        identify(parts, &Context::from_ref(state), &ApiSettings::from_ref(state), None).await.map(Self)
    }
}

impl<S> FromRequestParts<S> for RestCaller
where
    S: Send + Sync,
    Context: FromRef<S>,
    ApiSettings: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let only = Some(Audience::Api);
        identify(parts, &Context::from_ref(state), &ApiSettings::from_ref(state), only).await.map(Self)
    }
}

/// Who asks: the bot, or a user by a token for `audience`, for any where there is none.
async fn identify(
    parts: &Parts,
    cx: &Context,
    settings: &ApiSettings,
    audience: Option<Audience>,
) -> Result<Caller, ApiError> {
    let token = token(parts, settings)?;
    let secret = settings.service_token.as_deref().filter(|secret| !secret.is_empty());
    // The time that the comparison takes depends on the length of the secret only.
    let is_service = token
        .as_deref()
        .zip(secret)
        .is_some_and(|(token, secret)| bool::from(secret.as_bytes().ct_eq(token.as_bytes())));
    let caller = if is_service {
        Caller::Service(request_of(parts))
    } else {
        Caller::User(user_of_token(parts, cx, token, audience).await?)
    };
    UnusableKey::refuse(parts)?;
    Ok(caller)
}
