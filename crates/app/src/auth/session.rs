//! Sessions: listed, and ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::audit::{AuditEvent, Severity};
use domain::session::Session;
use domain::{SessionId, Time, UserId};
use store::Tx;

use super::login::token_hash;
use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Kind, Request, Result, retry_contention};

/// Live sessions of a user, newest first: one's own, or, as an administrator, anybody's, which leaves
/// an audit line.
pub async fn list_sessions(cx: &Context, actor: &Actor, user: UserId) -> Result<Vec<Session>> {
    policy::self_or(actor, user, Permission::ManageUsers)?;
    let now = cx.clock.now();
    let mut tx = cx.store.read().await?;
    if !actor.is(user) && tx.users().by_id(user).await?.is_none() {
        return Err(Error::not_found(Kind::User, user));
    }
    let sessions = tx.sessions().live_of(user, now).await?;
    drop(tx);
    if !actor.is(user) {
        let note = Note::new(cx, actor, AuditEvent::Read, now, "Sesiones de un usuario consultadas")
            .on("usuario", user)
            .fact("sesiones", sessions.len())
            .severity(Severity::Medium)
            .tags("read,sensitive_data");
        record::write_alone(cx, note).await?;
    }
    Ok(sessions)
}

/// Ends the sessions that the shown tokens belong to; gives how many such sessions there are, those
/// that had ended before among them.
///
/// An access token of ours names its session also when it has expired, and a refresh token when it was
/// exchanged: both only serve to end it. Tokens that name no session end none.
pub async fn logout(cx: &Context, request: &Arc<Request>, access: &[String], refresh: &[String]) -> Result<usize> {
    let named: Vec<_> = access.iter().filter_map(|token| cx.keys.session_of(token)).collect();
    if named.is_empty() && refresh.is_empty() {
        return Ok(0);
    }
    let ended = retry_contention(|| logout_once(cx, request, &named, refresh)).await?;
    for (&session, &user) in &ended {
        cx.principals.forget(user, session).await;
    }
    Ok(ended.len())
}

async fn logout_once(
    cx: &Context,
    request: &Arc<Request>,
    named: &[(UserId, SessionId)],
    refresh: &[String],
) -> Result<BTreeMap<SessionId, UserId>> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let mut sessions = BTreeMap::new();
    for (user, session) in named {
        let found = tx.sessions().by_id(*session).await?.filter(|session| session.user == *user);
        sessions.extend(found.map(|session| (session.id, session.user)));
    }
    for token in refresh {
        let found = tx.sessions().lock_by_token(&token_hash(token)).await?;
        sessions.extend(found.map(|(_, session)| (session.id, session.user)));
    }
    let actor = Actor::anonymous(Arc::clone(request));
    for (&session, &user) in &sessions {
        let note = Note::new(cx, &actor, AuditEvent::Logout, now, "Cierre de sesión").by(user).in_session(session);
        end(&mut *tx, note, session, user, "logout", now).await?;
    }
    tx.commit().await?;
    Ok(sessions)
}

/// Ends a session of one's own, or, as an administrator, of anybody.
pub async fn revoke_session(cx: &Context, actor: &Actor, id: SessionId) -> Result<()> {
    let session = cx.store.read().await?.sessions().by_id(id).await?;
    let session = session.ok_or_else(|| Error::not_found(Kind::Session, id))?;
    policy::self_or(actor, session.user, Permission::ManageUsers)
        // Whether another user's session exists is not shown.
        .map_err(|_| Error::hidden(Kind::Session, id))?;
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let note = Note::new(cx, actor, AuditEvent::Logout, now, "Sesión revocada");
    end(&mut *tx, note, id, session.user, "revoked", now).await?;
    tx.commit().await?;
    cx.principals.forget(session.user, id).await;
    Ok(())
}

/// Ends a session, and writes `note` about it unless it had ended before.
async fn end(tx: &mut dyn Tx, note: Note, session: SessionId, user: UserId, reason: &str, now: Time) -> Result<()> {
    if tx.sessions().revoke(session, reason, now).await? {
        let note = note.on("authentication", user).fact("session_id", session.to_string()).tags("auth");
        record::audit(tx, [note]).await?;
    }
    Ok(())
}
