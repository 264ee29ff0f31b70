//! Tokens outside of a request: those of sockets, which stay open longer than one.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{Level, OfficerId, SessionId, Time};
use store::session::Principal;

use super::principal::{Grant, actor_of};
use super::token::Audience;
use crate::{Actor, Context, Error, Request, Result};

/// Who a socket speaks for, and until when.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Who.
    pub actor: Actor,
    /// What the token was given for.
    pub grant: Grant,
    /// When the token expires.
    pub expires_at: Time,
}

/// With which rights a connection was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    /// By what.
    pub grant: Grant,
    /// With which level.
    pub level: Level,
    /// As which officer.
    pub officer: Option<OfficerId>,
}

impl Bearer {
    /// The rights that the bearer has now; `None` for one without any.
    pub fn admitted(&self) -> Option<Admitted> {
        Some(Admitted { grant: self.grant, level: self.actor.level()?, officer: self.actor.officer() })
    }
}

impl Admitted {
    /// Whether a connection may stay open: its credential holds, with the rights that it came with.
    pub fn holds(&self, now: Option<&Principal>) -> bool {
        self.grant.check(now).is_ok() && now.is_some_and(|now| now.level == self.level && now.officer == self.officer)
    }
}

/// The bearer of a token that a socket may be opened with: one for the API, or a Telegram user's own.
pub async fn bearer_of(cx: &Context, token: &str, request: Arc<Request>) -> Result<Bearer> {
    let claims = cx.keys.check(token, cx.clock.now()).map_err(|_| Error::BadToken)?;
    let audience: Audience = claims.aud;
    let actor = actor_of(cx, &claims, audience, request).await?;
    let expires_at = claims.expires_at().ok_or(Error::BadToken)?;
    Ok(Bearer { actor, grant: Grant::of_claims(&claims), expires_at })
}

/// What the bearers of these sessions are now, by session; those of ended sessions are not among them.
pub async fn live_principals(cx: &Context, sessions: &[SessionId]) -> Result<HashMap<SessionId, Principal>> {
    let found = cx.store.read().await?.sessions().live_principals(sessions, cx.clock.now()).await?;
    Ok(found.into_iter().filter_map(|principal| Some((principal.session?, principal))).collect())
}
