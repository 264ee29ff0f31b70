//! From a token to an actor, and whether what a credential was given for still holds.

use std::sync::Arc;
use std::time::Duration;

use domain::{SessionId, TelegramId, UserId};
use moka::future::Cache;
use store::session::Principal;
use tokio::sync::Notify;

use super::token::{Audience, Claims};
use crate::{Actor, Context, Error, Identity, Kind, Request, Result};

/// What is known of the bearers of tokens, for a few seconds, so that not every request asks the
/// record. Bounded in number; what is forgotten is asked anew.
#[derive(Clone)]
pub struct Principals {
    known: Cache<(UserId, SessionId), Option<Principal>>,
    forgotten: Arc<Notify>,
}

impl Principals {
    /// Keeps each for `ttl`.
    pub fn new(ttl: Duration) -> Self {
        let known = Cache::builder().max_capacity(100_000).time_to_live(ttl).build();
        Self { known, forgotten: Arc::default() }
    }

    /// Asks the record anew at the next request.
    pub async fn forget(&self, user: UserId, session: SessionId) {
        self.known.invalidate(&(user, session)).await;
        self.forgotten.notify_one();
    }

    /// Asks the record anew for every bearer.
    pub fn forget_all(&self) {
        self.known.invalidate_all();
        self.forgotten.notify_one();
    }

    /// Waits until something was forgotten, since the rights of some bearer may have changed in this
    /// process. For one task only.
    pub async fn changed(&self) {
        self.forgotten.notified().await;
    }

    async fn get(&self, cx: &Context, user: UserId, session: SessionId) -> Result<Option<Principal>> {
        let load = async {
            let mut tx = cx.store.read().await?;
            tx.sessions().principal(user, session, cx.clock.now()).await
        };
        // Many requests of one bearer at once ask once.
        self.known.try_get_with((user, session), load).await.map_err(shared)
    }
}

/// An error of the record that several requests wait for: each of them is answered as if it had
/// asked by itself.
fn shared(error: Arc<store::Error>) -> Error {
    match &*error {
        store::Error::Unavailable { retry_after, .. } => {
            Error::Unavailable { retry_after: *retry_after, source: error.into() }
        }
        store::Error::Stale | store::Error::Contention(_) => Error::Contention(error.into()),
        store::Error::Full(_) => Error::StorageFull(error.into()),
        store::Error::ReadOnly(_) => Error::ReadOnly(error.into()),
        store::Error::Denied(_) => Error::Denied(error.into()),
        store::Error::SchemaTooNew { .. }
        | store::Error::SchemaTooOld { .. }
        | store::Error::Unprepared(_)
        | store::Error::InUse { .. } => {
            Error::Unavailable { retry_after: Duration::from_secs(30), source: error.into() }
        }
        store::Error::Conflict(_) | store::Error::Internal(_) => Error::Internal(error.into()),
    }
}

/// What a credential was given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Whose it is.
    pub user: UserId,
    /// Of which session.
    pub session: SessionId,
    /// For which Telegram account; `None` for a token of the API, which hangs on none.
    pub telegram: Option<Option<TelegramId>>,
}

impl Grant {
    /// What a token was given for.
    pub fn of_claims(claims: &Claims) -> Self {
        let telegram = match claims.aud {
            Audience::Api => None,
            Audience::Telegram => Some(claims.telegram()),
        };
        Self { user: claims.user(), session: claims.session(), telegram }
    }

    /// Whether the credential still holds where its user is `now`: the one place that decides it, for
    /// requests, sockets, streams and the bot.
    ///
    /// # Errors
    /// `NotFound` for a user who is gone, `Inactive` for one who is shut out, `BadToken` for a session
    /// that has ended and for a Telegram account that is no longer the user's.
    pub fn check(&self, now: Option<&Principal>) -> Result<()> {
        let Some(now) = now.filter(|now| now.user == self.user) else {
            return Err(Error::not_found(Kind::TokenUser, self.user));
        };
        if !now.verified {
            return Err(Error::Inactive);
        }
        let is_relinked = self.telegram.is_some_and(|account| account.is_none() || account != now.telegram);
        if now.session != Some(self.session) || is_relinked {
            return Err(Error::BadToken);
        }
        Ok(())
    }
}

/// The actor whom a good token speaks for, if its user and session are alive.
pub async fn actor_of(cx: &Context, claims: &Claims, audience: Audience, request: Arc<Request>) -> Result<Actor> {
    if claims.aud != audience {
        return Err(Error::BadToken);
    }
    let grant = Grant::of_claims(claims);
    let principal = cx.principals.get(cx, grant.user, grant.session).await?;
    grant.check(principal.as_ref())?;
    let principal = principal.ok_or(Error::BadToken)?;
    let identity = Identity::User {
        id: principal.user,
        level: principal.level,
        telegram: principal.telegram,
        officer: principal.officer,
        session: principal.session,
    };
    Ok(Actor::new(identity, request))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Level;
    use uuid::Uuid;

    #[test]
    fn a_credential_holds_only_while_all_that_it_was_given_for_does() {
        let session = SessionId(Uuid::from_u128(1));
        let account = Some(TelegramId(7));
        let now = Principal {
            user: UserId(1),
            level: Level::Supervisor,
            verified: true,
            telegram: account,
            officer: None,
            session: Some(session),
        };
        let api = Grant { user: UserId(1), session, telegram: None };
        let bot = Grant { telegram: Some(account), ..api };
        let states = [
            ("as it was", Some(now.clone()), true, true),
            ("deleted", None, false, false),
            ("another user", Some(Principal { user: UserId(2), ..now.clone() }), false, false),
            ("disabled", Some(Principal { verified: false, ..now.clone() }), false, false),
            ("session ended", Some(Principal { session: None, ..now.clone() }), false, false),
            ("another session", Some(Principal { session: Some(SessionId(Uuid::nil())), ..now.clone() }), false, false),
            ("unlinked", Some(Principal { telegram: None, ..now.clone() }), true, false),
            ("relinked", Some(Principal { telegram: Some(TelegramId(8)), ..now }), true, false),
        ];
        for (what, now, by_api, by_bot) in states {
            assert_eq!(api.check(now.as_ref()).is_ok(), by_api, "{what}, token of the API");
            assert_eq!(bot.check(now.as_ref()).is_ok(), by_bot, "{what}, token for Telegram");
        }
        let forged = Grant { telegram: Some(None), ..api };
        let unlinked = Principal {
            user: UserId(1),
            level: Level::Officer,
            verified: true,
            telegram: None,
            officer: None,
            session: Some(session),
        };
        assert!(forged.check(Some(&unlinked)).is_err(), "a token for Telegram names an account");
    }
}
