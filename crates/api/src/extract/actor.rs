//! Who asks. A handler that takes no `Actor` is seen to be open.

use app::auth::{Audience, actor_of};
use app::{Actor, Context, Error};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::request::request_of;
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

async fn identify(parts: &Parts, cx: &Context, settings: &ApiSettings) -> Result<Actor, Error> {
    let request = request_of(parts, settings);
    let token = token(parts).ok_or(Error::Unauthenticated)?;
    let claims = cx.keys.check(&token, cx.clock.now()).map_err(|_| Error::BadToken)?;
    actor_of(cx, &claims, Audience::Api, request).await
}

impl<S> FromRequestParts<S> for Authenticated
where
    S: Send + Sync,
    Context: FromRef<S>,
    ApiSettings: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let actor = identify(parts, &Context::from_ref(state), &ApiSettings::from_ref(state)).await?;
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
        match identify(parts, &Context::from_ref(state), &ApiSettings::from_ref(state)).await {
            Ok(actor) => {
                Asker::of(parts).is(&actor);
                Ok(Self(Some(actor)))
            }
            // Here a bad token is the same as none.
            Err(error) if error.is_about_credential() => Ok(Self(None)),
            Err(error) => Err(error.into()),
        }
    }
}

/// The token in the header, else in the cookie. A request that changes something on the cookie
/// alone must come from our own pages.
pub fn token(parts: &Parts) -> Option<String> {
    if parts.headers.contains_key(header::AUTHORIZATION) {
        return header_token(&parts.headers);
    }
    let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && !same_origin(&parts.headers) {
        return None;
    }
    let jar = axum_extra::extract::CookieJar::from_headers(&parts.headers);
    jar.get(COOKIE).map(|cookie| cookie.value().to_owned())
}

/// The token in the header.
pub fn header_token(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Whether a browser sent it from a page of ours.
pub fn same_origin(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(origin), Some(host)) = (header(header::ORIGIN), header(header::HOST)) else { return false };
    origin.split_once("://").is_some_and(|(_, authority)| authority == host)
}
