//! Deleting a user.

use domain::audit::AuditEvent;
use domain::event::DELETED;
use domain::{Event, UserId};

use super::administrator;
use crate::diff::Difference;
use crate::policy::{self, Permission};
use crate::record;
use crate::{Actor, Context, Current, Error, Kind, Result, Versions, idempotency, officer, retry_contention};

/// Deletes a user, and the officer that the user is: both stay in the record and are no longer
/// seen. The user's sessions end.
///
/// # Errors
/// `Occupied` with the codes of the tasks that the officer is sent to; `LastAdministrator` for whom it says;
/// `Outdated` where the user has none of the versions `expected`.
pub async fn delete(cx: &Context, actor: &Actor, id: UserId, expected: Option<Versions>) -> Result<()> {
    policy::require(actor, Permission::ManageUsers)?;
    retry_contention(|| delete_once(cx, actor, id, expected)).await
}

async fn delete_once(cx: &Context, actor: &Actor, id: UserId, expected: Option<Versions>) -> Result<()> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if idempotency::replay::<()>(cx, &mut *tx, actor).await?.is_some() {
        return Ok(());
    }
    let mut user = tx.users().lock(id).await?.ok_or_else(|| Error::not_found(Kind::User, id))?;
    if expected.is_some_and(|versions| !versions.contains(user.version)) {
        return Err(Error::Outdated(Current::User(Box::new(user))));
    }
    administrator::keep_one(&mut *tx, &user, None, now).await?;
    if let Some(held) = tx.officers().by_user(id).await? {
        officer::retire(cx, &mut *tx, actor, held.id, None, now).await?;
    }
    let removed = Difference::removed(&user);
    user.deleted_at = Some(now);
    user.updated_at = now;
    tx.users().save(&user).await?;
    tx.sessions().revoke_all(id, None, "deleted", now).await?;
    let event = Event::UserChanged { user: id, changed: vec![DELETED.to_owned()] };
    record::events(cx, &mut *tx, actor, now, [event]).await?;
    let note = removed.note(cx, actor, AuditEvent::Delete, now, "Usuario eliminado").tags("delete,sensitive");
    record::audit(&mut *tx, [note]).await?;
    idempotency::keep(&mut *tx, actor, &()).await?;
    tx.commit().await?;
    cx.principals.forget_all();
    Ok(())
}
