//! Deleting an officer.

use domain::audit::AuditEvent;
use domain::event::DELETED;
use domain::{Event, OfficerId, Time};
use store::Tx;

use crate::diff::Difference;
use crate::policy::{self, Permission};
use crate::record;
use crate::{Actor, Context, Current, Error, Kind, Result, Versions, dispatch, idempotency, retry_contention};

/// Deletes an officer, who stays in the record and is no longer seen.
///
/// # Errors
/// `Occupied` with the codes of the tasks that the officer is sent to and that have not ended.
pub async fn delete(cx: &Context, actor: &Actor, id: OfficerId, expected: Option<Versions>) -> Result<()> {
    policy::require(actor, Permission::ManageUsers)?;
    retry_contention(|| delete_once(cx, actor, id, expected)).await
}

async fn delete_once(cx: &Context, actor: &Actor, id: OfficerId, expected: Option<Versions>) -> Result<()> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if idempotency::replay::<()>(cx, &mut *tx, actor).await?.is_some() {
        return Ok(());
    }
    retire(cx, &mut *tx, actor, id, expected, now).await?;
    idempotency::keep(&mut *tx, actor, &()).await?;
    tx.commit().await?;
    cx.principals.forget_all();
    Ok(())
}

/// The same within a transaction of somebody else's.
pub(crate) async fn retire(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    id: OfficerId,
    expected: Option<Versions>,
    now: Time,
) -> Result<()> {
    if tx.officers().by_id(id).await?.is_none() {
        return Err(Error::not_found(Kind::Officer, id));
    }
    dispatch::refuse_while_sent(cx, tx, actor, id, now).await?;
    let mut officer = tx.officers().lock(&[id]).await?.pop().ok_or_else(|| Error::not_found(Kind::Officer, id))?;
    if expected.is_some_and(|versions| !versions.contains(officer.version)) {
        return Err(Error::Outdated(Current::Officer(Box::new(officer))));
    }
    officer.deleted_at = Some(now);
    officer.updated_at = now;
    officer.version = tx.officers().save(&officer).await?;
    let note = Difference::removed(&officer)
        .note(cx, actor, AuditEvent::Delete, now, "Efectivo eliminado")
        .tags("delete,data_change");
    let event = Event::OfficerChanged { officer: Box::new(officer), changed: vec![DELETED.to_owned()] };
    record::events(cx, tx, actor, now, [event]).await?;
    record::audit(tx, [note]).await
}
