//! From a token to an actor.

use std::sync::Arc;
use std::time::Duration;

use domain::{SessionId, UserId};
use moka::future::Cache;
use store::session::Principal;

use super::token::{Audience, Claims};
use crate::{Actor, Context, Error, Identity, Kind, Request, Result};

/// What is known of the bearers of tokens, for a few seconds, so that not every request asks the
/// record. Bounded in number; what is forgotten is asked anew.
#[derive(Clone)]
pub struct Principals(Cache<(UserId, SessionId), Option<Principal>>);

impl Principals {
    /// Keeps each for `ttl`.
    pub fn new(ttl: Duration) -> Self {
        Self(Cache::builder().max_capacity(100_000).time_to_live(ttl).build())
    }

    /// Asks the record anew at the next request.
    pub async fn forget(&self, user: UserId, session: SessionId) {
        self.0.invalidate(&(user, session)).await;
    }

    /// Asks the record anew for every bearer.
    pub fn forget_all(&self) {
        self.0.invalidate_all();
    }

    async fn get(&self, cx: &Context, user: UserId, session: SessionId) -> Result<Option<Principal>> {
        let load = async {
            let mut tx = cx.store.read().await?;
            tx.sessions().principal(user, session, cx.clock.now()).await
        };
        // Many requests of one bearer at once ask once.
        self.0.try_get_with((user, session), load).await.map_err(|error: Arc<store::Error>| match &*error {
            store::Error::Unavailable { retry_after, .. } => {
                Error::Unavailable { retry_after: *retry_after, source: error.into() }
            }
            _ => Error::Internal(error.into()),
        })
    }
}

/// The actor whom a good token speaks for, if its user and session are alive.
pub async fn actor_of(cx: &Context, claims: &Claims, audience: Audience, request: Arc<Request>) -> Result<Actor> {
    if claims.aud != audience {
        return Err(Error::BadToken);
    }
    let principal = cx.principals.get(cx, claims.user(), claims.session()).await?;
    let Some(principal) = principal else {
        return Err(Error::not_found(Kind::TokenUser, claims.user()));
    };
    if !principal.verified {
        return Err(Error::Inactive);
    }
    // A token for Telegram dies with the link that it was given for.
    let relinked = audience == Audience::Telegram && claims.telegram() != principal.telegram;
    if principal.session.is_none() || relinked {
        return Err(Error::BadToken);
    }
    let identity = Identity::User {
        id: principal.user,
        level: principal.level,
        telegram: principal.telegram,
        officer: principal.officer,
        session: principal.session,
    };
    Ok(Actor::new(identity, request))
}
