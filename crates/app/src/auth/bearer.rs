//! Tokens outside of a request: those of sockets, which stay open longer than one.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{SessionId, Time};
use store::session::Principal;

use super::principal::actor_of;
use super::token::Audience;
use crate::{Actor, Context, Error, Request, Result};

/// Who a socket speaks for, and until when.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Who.
    pub actor: Actor,
    /// When the token expires.
    pub expires_at: Time,
}

/// The bearer of a token that a socket may be opened with: one for the API, or a Telegram user's own.
pub async fn bearer_of(cx: &Context, token: &str, request: Arc<Request>) -> Result<Bearer> {
    let claims = cx.keys.check(token, cx.clock.now()).map_err(|_| Error::BadToken)?;
    let audience: Audience = claims.aud;
    let actor = actor_of(cx, &claims, audience, request).await?;
    Ok(Bearer { actor, expires_at: claims.expires_at().ok_or(Error::BadToken)? })
}

/// What the bearers of these sessions are now, by session; those of ended sessions are not among them.
pub async fn live_principals(cx: &Context, sessions: &[SessionId]) -> Result<HashMap<SessionId, Principal>> {
    let found = cx.store.read().await?.sessions().live_principals(sessions, cx.clock.now()).await?;
    Ok(found.into_iter().filter_map(|principal| Some((principal.session?, principal))).collect())
}
