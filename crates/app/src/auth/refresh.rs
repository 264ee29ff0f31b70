//! Prolonging a session.

use domain::audit::{AuditEvent, Severity};
use domain::session::Platform;

use super::SignedIn;
use super::login::{issue, new_refresh_token, token_hash};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Request, Result};

/// Exchanges a refresh token for new tokens. Each is good once: a second use means that two
/// parties hold it, so the whole session ends.
pub async fn refresh(cx: &Context, request: &Request, refresh_token: &str) -> Result<SignedIn> {
    let now = cx.clock.now();
    let hash = token_hash(refresh_token);
    let mut tx = cx.store.write().await?;
    let Some((token, session)) = tx.sessions().lock_by_token(&hash).await? else {
        return Err(Error::BadToken);
    };
    let actor = Actor::anonymous(std::sync::Arc::new(request.clone()));
    if token.used_at.is_some() {
        tx.sessions().revoke(session.id, "theft", now).await?;
        let note =
            Note::new(cx, &actor, AuditEvent::TokenRefresh, now, "Token de refresco usado dos veces: sesión cerrada")
                .claimed(session.user)
                .on("authentication", session.user)
                .fact("session_id", session.id.to_string())
                .severity(Severity::Critical)
                .tags("auth,security")
                .refused("refresh token reuse");
        record::audit(&mut *tx, [note]).await?;
        tx.commit().await?;
        cx.principals.forget(session.user, session.id).await;
        return Err(Error::BadToken);
    }
    let user = tx.users().by_id(session.user).await?;
    // A token for Telegram is given by the bot's own route only.
    let prolongs = session.is_live(now) && session.platform != Platform::Telegram;
    let Some(user) = user.filter(|user| user.is_active() && prolongs) else {
        return Err(Error::BadToken);
    };
    let (next_token, next) = new_refresh_token(cx, session.id, now);
    tx.sessions().rotate(&hash, &next, now).await?;
    let note = Note::new(cx, &actor, AuditEvent::TokenRefresh, now, "Sesión prolongada")
        .by(user.id)
        .on("authentication", user.id)
        .fact("session_id", session.id.to_string())
        .tags("auth");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    issue(cx, &user, session.id, session.platform, next_token, now)
}
