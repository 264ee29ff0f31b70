//! Telegram accounts and their tokens.

use domain::audit::AuditEvent;
use domain::session::{Platform, Session};
use domain::{TelegramId, Time, User};

use super::Caller;
use crate::auth::{Audience, TokenError, access_token, actor_of, open_session};
use crate::record::{self, Note};
use crate::{Context, Error, Identity, Represented, Result};

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

/// Sessions for Telegram that a user may have at once; a further one ends the oldest.
pub const MOST_TELEGRAM_SESSIONS: u32 = 5;

/// Signs the owner of an account in, for the bot only.
pub async fn authenticate(cx: &Context, caller: &Caller, telegram: TelegramId) -> Result<Authentication> {
    caller.must_be_service()?;
    let found = found(cx, telegram).await?;
    with_session(cx, caller, found).await
}

/// Looks an account up. Only its owner and the bot get a token with it.
///
/// No user's own look-up begins a session or prolongs one: who shows a token for Telegram gets that one
/// again, and who shows one of the API gets a token for Telegram of the same session. The bot gets a
/// token of the user's newest session for Telegram while that is good for more than half of its
/// life, else a new one.
pub async fn look_up(cx: &Context, caller: &Caller, telegram: TelegramId, shown: &str) -> Result<Authentication> {
    caller.may_name(telegram)?;
    let found = found(cx, telegram).await?;
    let Some(user) = found.user.as_ref().filter(|_| found.authenticated) else {
        return Ok(found);
    };
    let now = cx.clock.now();
    let token = match caller {
        Caller::User(_) if !caller.owns(telegram) => None,
        Caller::User(actor) => match cx.keys.check(shown, now) {
            Ok(claims) if claims.aud == Audience::Telegram => Some(shown.to_owned()),
            _ => {
                let Some(id) = actor.session() else { return Ok(found) };
                let session = cx.store.read().await?.sessions().by_id(id).await?;
                let session = session.filter(|session| session.is_live(now)).ok_or(Error::BadToken)?;
                Some(token_of(cx, user, &session, now)?)
            }
        },
        Caller::Bot(_) | Caller::Service(_) => {
            let sessions = cx.store.read().await?.sessions().live_of(user.id, now).await?;
            let long = |session: &Session| session.expires_at - now > cx.settings.auth.telegram_ttl / 2;
            let newest = sessions.into_iter().find(|session| session.platform == Platform::Telegram && long(session));
            match newest {
                Some(session) => Some(token_of(cx, user, &session, now)?),
                None => return with_session(cx, caller, found).await,
            }
        }
    };
    Ok(Authentication { token, ..found })
}

/// A token for Telegram that ends with its session.
fn token_of(cx: &Context, user: &User, session: &Session, now: Time) -> Result<String> {
    let until = session.expires_at.min(now + cx.settings.auth.telegram_ttl);
    access_token(cx, user, session.id, Audience::Telegram, now, until)
}

async fn found(cx: &Context, telegram: TelegramId) -> Result<Authentication> {
    let user = cx.store.read().await?.users().by_telegram(telegram).await?;
    let now = cx.clock.now();
    let authenticated = user.as_ref().is_some_and(|user| user.is_active() && user.lockout.remaining(now).is_none());
    Ok(Authentication { telegram, user, authenticated, token: None })
}

/// The same with a token of a session that begins.
async fn with_session(cx: &Context, caller: &Caller, found: Authentication) -> Result<Authentication> {
    let telegram = found.telegram;
    let Some(user) = found.user.as_ref().filter(|_| found.authenticated) else {
        return Ok(found);
    };
    let now = cx.clock.now();
    let request = caller.request();
    let mut tx = cx.store.write().await?;
    // The number of sessions is only right under a lock, and the account may have changed hands.
    let user = tx.users().lock(user.id).await?.filter(|user| user.is_active() && user.telegram == Some(telegram));
    let Some(user) = user else {
        return Ok(Authentication { authenticated: false, user, ..found });
    };
    let spared = MOST_TELEGRAM_SESSIONS - 1;
    let ended = tx.sessions().revoke_platform(user.id, Platform::Telegram, spared, "limit", now).await?;
    let signed_in = open_session(cx, &mut *tx, request, &user, Platform::Telegram, now).await?;
    let actor = match caller {
        Caller::User(actor) => actor.clone(),
        Caller::Bot(_) | Caller::Service(_) => caller.actor().on_behalf_of(Represented::new(&user, None)),
    };
    let note = Note::new(cx, &actor, AuditEvent::Login, now, "Inicio de sesión por Telegram")
        .on("authentication", user.id)
        .fact("session_id", signed_in.session.to_string())
        .fact("sesiones_cerradas", ended.len())
        .tags("auth,security");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    for session in ended {
        cx.principals.forget(user.id, session).await;
    }
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
