//! Who asks. A handler that takes no `Actor` is seen to be open.

use app::auth::{Audience, actor_of};
use app::{Actor, Context, Error};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::cookie::cookie_value;
use super::request::request_of;
use crate::client::PageOrigin;
use crate::error::ApiError;
use crate::layer::UnusableKey;
use crate::refusal::Asker;
use crate::settings::ApiSettings;

/// Name of the cookie that carries an access token.
pub const COOKIE: &str = "access_token";

/// An actor, or none when no credential opens anything. That the record cannot say who asks is an error.
pub struct MaybeActor(pub Option<Actor>);

/// An actor as handlers take one.
pub struct Authenticated(pub Actor);

/// The user of a token for `audience`, or for any where there is none, noted as who asks.
pub async fn user_of_token(
    parts: &Parts,
    cx: &Context,
    token: Option<String>,
    audience: Option<Audience>,
) -> Result<Actor, Error> {
    let token = token.ok_or(Error::Unauthenticated)?;
    let claims = cx.keys.check(&token, cx.clock.now()).map_err(|_| Error::BadToken)?;
    let actor = actor_of(cx, &claims, audience.unwrap_or(claims.aud), request_of(parts)).await?;
    Asker::of(parts).is(&actor);
    Ok(actor)
}

impl<S> FromRequestParts<S> for Authenticated
where
    S: Send + Sync,
    Context: FromRef<S>,
    ApiSettings: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let token = token(parts, &ApiSettings::from_ref(state))?;
        let actor = user_of_token(parts, &Context::from_ref(state), token, Some(Audience::Api)).await?;
        UnusableKey::refuse(parts)?;
        Ok(Self(actor))
    }
}

impl<S> FromRequestParts<S> for MaybeActor
where
    S: Send + Sync,
    Context: FromRef<S>,
    ApiSettings: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let token = token(parts, &ApiSettings::from_ref(state))?;
        match user_of_token(parts, &Context::from_ref(state), token, Some(Audience::Api)).await {
            Ok(actor) => Ok(Self(Some(actor))),
            // Here a bad token is the same as none.
            Err(error) if error.is_about_credential() => Ok(Self(None)),
            Err(error) => Err(error.into()),
        }
    }
}

/// The token in the header, else in the cookie. Another scheme of `Authorization` is meant for a proxy in front.
///
/// # Errors
/// 403 for a request that would change something on the cookie alone and does not come from one of
/// our own pages.
pub fn token(parts: &Parts, settings: &ApiSettings) -> Result<Option<String>, ApiError> {
    let is_reading = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let by_cookie = header_token(&parts.headers).is_none();
    let token = reading_token(parts);
    if token.is_some() && by_cookie && !is_reading {
        PageOrigin::new(parts, settings).require_own()?;
    }
    Ok(token)
}

/// The same for a request that only reads, wherever its page is from.
pub fn reading_token(parts: &Parts) -> Option<String> {
    if let Some(token) = header_token(&parts.headers) {
        return Some(token);
    }
    cookie_value(&parts.headers, COOKIE)
}

/// The token in the header.
pub fn header_token(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}
