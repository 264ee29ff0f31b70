//! Who asks. A handler that takes no `Actor` is seen to be open.

use app::auth::{Audience, actor_of};
use app::{Actor, Context, Error};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Method, header};

use super::request::request_of;
use crate::client::PageOrigin;
use crate::error::ApiError;
use crate::layer::UnusableKey;
use crate::problem::Problem;
use crate::refusal::Asker;
use crate::settings::ApiSettings;

/// Name of the cookie that carries an access token.
pub const COOKIE: &str = "access_token";

/// An actor, or nobody when there are no credentials at all.
pub struct MaybeActor(pub Option<Actor>);

/// An actor as handlers take one.
pub struct Authenticated(pub Actor);

impl<S> FromRequestParts<S> for Authenticated
where
    S: Send + Sync,
    Context: FromRef<S>,
    ApiSettings: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let cx = Context::from_ref(state);
        let request = request_of(parts);
        let token = token(parts, &ApiSettings::from_ref(state))?.ok_or(Error::Unauthenticated)?;
        let claims = cx.keys.check(&token, cx.clock.now()).map_err(|_| Error::BadToken)?;
        let actor = actor_of(&cx, &claims, Audience::Api, request).await?;
        Asker::of(parts).is(&actor);
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
        if token(parts, &ApiSettings::from_ref(state))?.is_none() {
            return Ok(Self(None));
        }
        // A bad token signs nobody out, and need not be told apart from none here.
        Ok(Self(Authenticated::from_request_parts(parts, state).await.ok().map(|actor| actor.0)))
    }
}

/// The token in the header, else in the cookie.
///
/// # Errors
/// 403 for a request that would change something on the cookie alone and does not come from one of
/// our own pages.
pub fn token(parts: &Parts, settings: &ApiSettings) -> Result<Option<String>, Problem> {
    let is_reading = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let by_cookie = !parts.headers.contains_key(header::AUTHORIZATION);
    let token = reading_token(parts);
    if token.is_some() && by_cookie && !is_reading {
        PageOrigin::new(parts, settings).require_own()?;
    }
    Ok(token)
}

/// The same for a request that only reads, wherever its page is from.
pub fn reading_token(parts: &Parts) -> Option<String> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned());
    }
    let jar = axum_extra::extract::CookieJar::from_headers(&parts.headers);
    jar.get(COOKIE).map(|cookie| cookie.value().to_owned())
}
