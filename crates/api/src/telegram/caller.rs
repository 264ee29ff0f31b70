//! Who asks under `/telegram/`.

use app::auth::{Audience, actor_of};
use app::telegram::Caller;
use app::{Context, Error};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use subtle::ConstantTimeEq;

use crate::error::ApiError;
use crate::extract::{request_of, token};
use crate::layer::UnusableKey;
use crate::refusal::Asker;
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
    let request = request_of(parts);
    let token = token(parts, settings)?.ok_or(Error::Unauthenticated)?;
    let secret = settings.service_token.as_deref().filter(|secret| !secret.is_empty());
    // The time that it takes tells nothing of the secret but its length.
    if secret.is_some_and(|secret| bool::from(secret.as_bytes().ct_eq(token.as_bytes()))) {
        UnusableKey::refuse(parts)?;
        return Ok(Caller::Service(request));
    }
    let claims = cx.keys.check(&token, cx.clock.now()).map_err(|_| Error::BadToken)?;
    let actor = actor_of(cx, &claims, audience.unwrap_or(claims.aud), request).await?;
    Asker::of(parts).is(&actor);
    UnusableKey::refuse(parts)?;
    Ok(Caller::User(actor))
}
