//! Tokens for scripts, made by whoever may run `gad` on the machine.

use domain::audit::{AuditEvent, Severity};
use domain::session::{Platform, Session};
use domain::{SessionId, Time, UserId};

use super::login::new_refresh_token;
use super::token::{Audience, Issue};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Forbidden, Identity, Kind, Result};

/// A token that a script may work with.
pub struct Minted {
    /// JWT.
    pub token: String,
    /// Good until then.
    pub expires_at: Time,
    /// Its session, by which it may be ended before.
    pub session: SessionId,
    /// Whose rights it has.
    pub user: UserId,
}

/// Makes an access token with the rights of a user, good for `ttl` and never prolonged; for the
/// operator only.
///
/// # Errors
/// `Invalid` for a user who is shut out.
pub async fn mint(cx: &Context, actor: &Actor, id: UserId, ttl: chrono::TimeDelta) -> Result<Minted> {
    if actor.identity != Identity::Operator {
        return Err(Error::Forbidden(Forbidden::Level));
    }
    let now = cx.clock.now();
    let expires_at = now + ttl;
    let session = SessionId(cx.rng.uuid());
    let mut tx = cx.store.write().await?;
    let user = tx.users().lock(id).await?.ok_or_else(|| Error::not_found(Kind::User, id))?;
    if !user.is_active() {
        return Err(Error::invalid("verificado", "must be true before the user gets a token"));
    }
    let row = Session {
        id: session,
        user: id,
        platform: Platform::Api,
        created_at: now,
        last_used_at: now,
        expires_at,
        revoked_at: None,
        revoked_reason: None,
        ip: None,
        user_agent: Some("gad token".to_owned()),
    };
    // Every session has a refresh token; nobody is given this one.
    let (_, refresh) = new_refresh_token(cx, session, now);
    tx.sessions().insert(&row, &refresh).await?;
    let issue = Issue {
        user: id,
        level: user.level,
        telegram: None,
        session,
        audience: Audience::Api,
        at: now,
        until: expires_at,
        jti: cx.rng.uuid(),
        ring: &cx.keys,
    };
    let token = issue.token().map_err(|error| Error::Internal(error.into()))?;
    let note = Note::new(cx, actor, AuditEvent::Login, now, "Token emitido en la línea de órdenes")
        .on("authentication", id)
        .fact("session_id", session.to_string())
        .fact("vence_en", expires_at.to_rfc3339())
        .severity(Severity::High)
        .tags("auth,security");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    Ok(Minted { token, expires_at, session, user: id })
}
