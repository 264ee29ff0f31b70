//! Changing a user.

use domain::audit::AuditEvent;
use domain::user::{Password, UserEdit};
use domain::{Availability, Event, Level, Time, User, UserId};
use serde_json::json;
use store::Tx;

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{
    Actor, Context, Current, Error, Forbidden, Kind, Result, Versions, dispatch, idempotency, retry_contention,
};

/// Fields of a user to change.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Fields that are shown.
    pub edit: UserEdit,
    /// A new password.
    pub password: Option<Password>,
    /// The version that the caller has read; `None` when it does not care.
    pub expected: Option<Versions>,
}

/// Changes a user: level 3 every field, users themselves telephone and password. A new password
/// and the loss of `verificado` end the user's sessions, but not the one that asks.
pub async fn update(cx: &Context, actor: &Actor, id: UserId, change: UserChange) -> Result<User> {
    permit(actor, id, &change.edit)?;
    // Hashing takes tens of milliseconds: never inside a transaction.
    let hash = match &change.password {
        Some(password) => Some(cx.hasher.hash(password).await?),
        None => None,
    };
    let user = retry_contention(|| update_once(cx, actor, id, &change, hash.as_deref())).await?;
    cx.principals.forget_all();
    Ok(user)
}

async fn update_once(cx: &Context, actor: &Actor, id: UserId, change: &UserChange, hash: Option<&str>) -> Result<User> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(user) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(user);
    }
    let before = tx.users().lock(id).await?.ok_or_else(|| Error::not_found(Kind::User, id))?;
    if change.expected.is_some_and(|versions| !versions.contains(before.version)) {
        return Err(Error::Outdated(Current::User(Box::new(before))));
    }
    let (level, verified, linked) = (before.level, before.verified, before.telegram);
    let (mut user, mut changed) = before.edit(change.edit.clone(), now);
    let was_administrator = verified && level == Level::Administrator;
    let is_administrator = user.verified && user.level == Level::Administrator;
    if was_administrator && !is_administrator && !tx.users().has_other_administrator(id).await? {
        return Err(Error::LastAdministrator);
    }
    if !changed.is_empty() {
        user.version = tx.users().save(&user).await?;
    }
    if let Some(hash) = hash {
        tx.users().set_password_hash(id, hash, now).await?;
        changed.push("password");
    }
    idempotency::keep(&mut *tx, actor, &user).await?;
    if changed.is_empty() {
        tx.commit().await?;
        return Ok(user);
    }
    let disabled = verified && !user.verified;
    if disabled || hash.is_some() {
        let except = if actor.is(id) && !disabled { actor.session() } else { None };
        let reason = if disabled { "disabled" } else { "password_changed" };
        tx.sessions().revoke_all(id, except, reason, now).await?;
    }
    if disabled {
        off_duty(cx, &mut *tx, actor, id, now).await?;
    } else if linked.is_some()
        && user.telegram != linked
        && let Some(officer) = tx.officers().by_user(id).await?
    {
        // What was sent to the account of before is not answered any more.
        dispatch::expire_unanswered(cx, &mut *tx, actor, officer.id, "Cuenta de Telegram cambiada", now).await?;
    }
    let names = changed.iter().map(ToString::to_string).collect();
    record::events(cx, &mut *tx, actor, now, [Event::UserChanged { user: id, changed: names }]).await?;
    let event = if user.level != level {
        AuditEvent::RoleChanged
    } else if disabled {
        AuditEvent::UserDisabled
    } else {
        AuditEvent::Update
    };
    let note = Note::new(cx, actor, event, now, "Usuario modificado")
        .on("usuario", id)
        .values(
            Some(json!({ "nivel": level, "verificado": verified })),
            Some(json!({ "nivel": user.level, "verificado": user.verified })),
        )
        .fact("campos", changed)
        .tags("update,sensitive");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    Ok(user)
}

/// The officer of a user whose account was disabled is sent nowhere any more: tasks are dispatched
/// again, and the officer is off duty.
async fn off_duty(cx: &Context, tx: &mut dyn Tx, actor: &Actor, user: UserId, now: Time) -> Result<()> {
    let Some(held) = tx.officers().by_user(user).await? else { return Ok(()) };
    dispatch::release(cx, tx, actor, held.id, "Cuenta deshabilitada", now).await?;
    let Some(mut officer) = tx.officers().lock(&[held.id]).await?.pop() else { return Ok(()) };
    let from = officer.availability;
    if from == Availability::OutOfService {
        return Ok(());
    }
    officer.set_availability(Availability::OutOfService, now);
    officer.version = tx.officers().save(&officer).await?;
    record::events(cx, tx, actor, now, [Event::OfficerStatusChanged { officer: Box::new(officer), from }]).await
}

fn permit(actor: &Actor, id: UserId, edit: &UserEdit) -> Result<()> {
    policy::self_or(actor, id, Permission::ManageUsers)?;
    let own = UserEdit { phone: edit.phone.clone(), ..UserEdit::default() };
    if *edit != own && policy::require(actor, Permission::ManageUsers).is_err() {
        return Err(Error::Forbidden(Forbidden::Field("solo telefono y password")));
    }
    Ok(())
}
