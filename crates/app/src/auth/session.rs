//! Sessions: seen, and ended.

use domain::audit::AuditEvent;
use domain::session::Session;
use domain::{SessionId, UserId};

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Kind, Result};

/// Live sessions of a user, newest first.
pub async fn list_sessions(cx: &Context, actor: &Actor, user: UserId) -> Result<Vec<Session>> {
    policy::self_or(actor, user, Permission::ManageUsers)?;
    Ok(cx.store.read().await?.sessions().live_of(user, cx.clock.now()).await?)
}

/// Ends the actor's own session.
pub async fn logout(cx: &Context, actor: &Actor) -> Result<()> {
    let (Some(session), Some(user)) = (actor.session(), actor.user()) else {
        return Ok(());
    };
    end(cx, actor, session, user, "logout", AuditEvent::Logout, "Cierre de sesión").await
}

/// Ends a session of one's own, or, as an administrator, of anybody.
pub async fn revoke_session(cx: &Context, actor: &Actor, id: SessionId) -> Result<()> {
    let session = cx.store.read().await?.sessions().by_id(id).await?;
    let session = session.ok_or_else(|| Error::not_found(Kind::Session, id))?;
    policy::self_or(actor, session.user, Permission::ManageUsers)
        // Whether somebody else's session exists is not told.
        .map_err(|_| Error::hidden(Kind::Session, id))?;
    end(cx, actor, id, session.user, "revoked", AuditEvent::Logout, "Sesión revocada").await
}

async fn end(
    cx: &Context,
    actor: &Actor,
    session: SessionId,
    user: UserId,
    reason: &str,
    event: AuditEvent,
    description: &str,
) -> Result<()> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if tx.sessions().revoke(session, reason, now).await? {
        let note = Note::new(cx, actor, event, now, description)
            .on("authentication", user)
            .fact("session_id", session.to_string())
            .tags("auth");
        record::audit(&mut *tx, [note]).await?;
        tx.commit().await?;
    }
    cx.principals.forget(user, session).await;
    Ok(())
}
