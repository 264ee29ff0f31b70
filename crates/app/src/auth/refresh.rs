//! Prolonging a session.

use std::sync::Arc;

use domain::audit::{AuditEvent, Severity};
use domain::session::{Platform, RefreshToken, Session};
use domain::{SessionId, Time};
use sha2::{Digest, Sha256};
use store::Tx;

use super::SignedIn;
use super::login::{issue, refresh_token_of, token_hash};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Request, Result, retry_contention};

/// Exchanges a refresh token for new tokens.
///
/// Each refresh token has one successor, which is derived from the token and a stored salt. So a client
/// that repeats an exchange within [`crate::AuthSettings::refresh_grace`], one after the other or at the
/// same time, gets the same refresh token again. A token that comes later, or after its successor was
/// exchanged in turn, is held by two parties: the whole session ends.
pub async fn refresh(cx: &Context, request: &Arc<Request>, refresh_token: &str) -> Result<SignedIn> {
    retry_contention(|| refresh_once(cx, request, refresh_token)).await
}

async fn refresh_once(cx: &Context, request: &Arc<Request>, refresh_token: &str) -> Result<SignedIn> {
    let now = cx.clock.now();
    let hash = token_hash(refresh_token);
    let mut tx = cx.store.write().await?;
    let Some((token, session)) = tx.sessions().lock_by_token(&hash).await? else {
        return Err(Error::BadToken);
    };
    // A token for Telegram is given by the bot's own route only.
    if !session.is_live(now) || session.platform == Platform::Telegram {
        return Err(Error::BadToken);
    }
    let actor = Actor::anonymous(Arc::clone(request));
    let note = |description: &str| {
        Note::new(cx, &actor, AuditEvent::TokenRefresh, now, description)
            .by(session.user)
            .on("authentication", session.user)
            .fact("session_id", session.id.to_string())
    };
    let (next, line) = if token.used_at.is_none() {
        let mut salt = [0; 32];
        cx.rng.fill(&mut salt);
        let (next, stored) = successor(refresh_token, &salt, session.id, now);
        tx.sessions().rotate(&hash, &salt, &stored, now).await?;
        (next, note("Sesión prolongada"))
    } else if let Some(next) = repeated(cx, &mut *tx, refresh_token, &token, &session, now).await? {
        (next, note("Sesión prolongada: el mismo pedido, repetido").fact("repetido", true))
    } else {
        tx.sessions().revoke(session.id, "theft", now).await?;
        let line = note("Token de refresco usado dos veces: sesión cerrada")
            .severity(Severity::Critical)
            .tags("auth,security")
            .refused("refresh token reuse");
        record::audit(&mut *tx, [line]).await?;
        tx.commit().await?;
        cx.principals.forget(session.user, session.id).await;
        return Err(Error::BadToken);
    };
    let user = tx.users().by_id(session.user).await?;
    let Some(user) = user.filter(domain::User::is_active) else {
        return Err(Error::BadToken);
    };
    record::audit(&mut *tx, [line.tags("auth")]).await?;
    tx.commit().await?;
    issue(cx, &user, &session, next, now)
}

/// The successor of a token that was exchanged already, if this is the same exchange once more: within
/// the grace, and the successor not exchanged in turn.
async fn repeated(
    cx: &Context,
    tx: &mut dyn Tx,
    refresh_token: &str,
    token: &RefreshToken,
    session: &Session,
    now: Time,
) -> Result<Option<String>> {
    let (Some(used_at), Some(salt)) = (token.used_at, token.salt) else { return Ok(None) };
    if now - used_at > cx.settings.auth.refresh_grace {
        return Ok(None);
    }
    let (next, RefreshToken { hash, .. }) = successor(refresh_token, &salt, session.id, now);
    let is_unused = tx.sessions().lock_by_token(&hash).await?.is_some_and(|(next, _)| next.used_at.is_none());
    Ok(is_unused.then_some(next))
}

/// The token after `refresh_token`. It takes both the salt, which only the record has, and the token
/// itself, of which the record has only a hash.
fn successor(refresh_token: &str, salt: &[u8; 32], session: SessionId, now: Time) -> (String, RefreshToken) {
    let secret = Sha256::new().chain_update(b"gad refresh").chain_update(salt).chain_update(refresh_token);
    refresh_token_of(&secret.finalize(), session, now)
}
