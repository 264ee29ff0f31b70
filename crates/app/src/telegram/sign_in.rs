//! Telegram accounts and their tokens.

use domain::audit::AuditEvent;
use domain::session::Platform;
use domain::{TelegramId, Time, User};

use super::Caller;
use crate::auth::{Audience, TokenError, actor_of, open_session};
use crate::record::{self, Note};
use crate::{Context, Error, Identity, Result};

/// What is known of a Telegram account.
#[derive(Clone)]
pub struct Authentication {
    /// Which account.
    pub telegram: TelegramId,
    /// Whose it is.
    pub user: Option<User>,
    /// Whether its owner may work: known, verified and not locked out.
    pub authenticated: bool,
    /// A token for it, where the caller may have one.
    pub token: Option<String>,
}

/// A token for Telegram that is good.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Whose account.
    pub telegram: TelegramId,
    /// Whose token, and what the user may do now.
    pub user: Identity,
    /// When it expires.
    pub expires_at: Time,
}

/// Signs the owner of an account in, for the bot only.
pub async fn authenticate(cx: &Context, caller: &Caller, telegram: TelegramId) -> Result<Authentication> {
    caller.must_be_service()?;
    with_token(cx, caller, telegram).await
}

/// Looks an account up. Only its owner and the bot get a token with it.
pub async fn look_up(cx: &Context, caller: &Caller, telegram: TelegramId) -> Result<Authentication> {
    caller.may_name(telegram)?;
    if caller.is_service() || caller.owns(telegram) {
        with_token(cx, caller, telegram).await
    } else {
        found(cx, telegram).await
    }
}

async fn found(cx: &Context, telegram: TelegramId) -> Result<Authentication> {
    let user = cx.store.read().await?.users().by_telegram(telegram).await?;
    let now = cx.clock.now();
    let authenticated = user.as_ref().is_some_and(|user| user.is_active() && user.lockout.remaining(now).is_none());
    Ok(Authentication { telegram, user, authenticated, token: None })
}

async fn with_token(cx: &Context, caller: &Caller, telegram: TelegramId) -> Result<Authentication> {
    let found = found(cx, telegram).await?;
    let Some(user) = found.user.as_ref().filter(|_| found.authenticated) else {
        return Ok(found);
    };
    let now = cx.clock.now();
    let request = caller.request();
    let mut tx = cx.store.write().await?;
    let signed_in = open_session(cx, &mut *tx, request, user, Platform::Telegram, now).await?;
    let identity = Identity::User {
        id: user.id,
        level: user.level,
        telegram: Some(telegram),
        officer: None,
        session: Some(signed_in.session),
    };
    let actor = crate::Actor { identity, request: request.clone() };
    let note = Note::new(cx, &actor, AuditEvent::Login, now, "Inicio de sesión por Telegram")
        .on("authentication", user.id)
        .tags("auth,security");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    Ok(Authentication { token: Some(signed_in.access_token), ..found })
}

/// Whether a token for Telegram is good, by the same rules by which the routes take it: its
/// session is live and its account still the user's.
pub async fn verify(cx: &Context, caller: &Caller, token: &str) -> Result<Result<Verified, TokenError>> {
    let claims = match cx.keys.check(token, cx.clock.now()) {
        Ok(claims) => claims,
        Err(why) => return Ok(Err(why)),
    };
    let (Audience::Telegram, Some(telegram), Some(expires_at)) = (claims.aud, claims.telegram(), claims.expires_at())
    else {
        return Ok(Err(TokenError::Invalid));
    };
    caller.may_name(telegram)?;
    match actor_of(cx, &claims, Audience::Telegram, caller.request().clone()).await {
        Ok(actor) => Ok(Ok(Verified { telegram, user: actor.identity, expires_at })),
        Err(Error::BadToken | Error::Inactive | Error::NotFound { .. }) => Ok(Err(TokenError::Invalid)),
        Err(error) => Err(error),
    }
}
