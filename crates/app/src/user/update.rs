//! Changing a user.

use domain::audit::{AuditEvent, Severity};
use domain::session::Platform;
use domain::user::{Password, TypedPassword, UserEdit};
use domain::{Availability, Event, Time, User, UserId};
use store::Tx;

use super::administrator;
use crate::auth::{Confirmed, PasswordOwner, check_password, confirm_password};
use crate::diff::Difference;
use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{
    Actor, Context, Current, Error, Forbidden, Kind, Result, Versions, dispatch, idempotency, officer, retry_contention,
};

/// Why a Telegram account is not linked here. Who has the account proves it with the code.
const ONLY_BY_CODE: &str = "must be null, which ends the link: an account is linked by the one-time code of \
    POST /api/v1/users/{user_id}/link-code, which its owner writes to the bot";

/// Fields of a user to change.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Fields that are shown.
    pub edit: UserEdit,
    /// A new password.
    pub password: Option<Password>,
    /// The present password, which users need for a new one of their own.
    pub present_password: Option<TypedPassword>,
    /// The version that the caller has read; `None` when it does not care.
    pub expected: Option<Versions>,
}

/// Changes a user: level 3 every field but the Telegram account, which is only unlinked here; users
/// themselves telephone and password. A new password
/// and the loss of `verificado` end the user's sessions, but not the one that asks.
///
/// A new password of one's own needs the present one. One for another user is a reset by an
/// administrator or the operator, which is audited as such.
///
/// # Errors
/// `Invalid` for a password that is too common and for an absent present one; `WrongPassword` for a
/// present one that is another.
pub async fn update(cx: &Context, actor: &Actor, id: UserId, change: UserChange) -> Result<User> {
    permit(actor, id, &change.edit)?;
    // Hashing takes tens of milliseconds: never inside a transaction.
    let hash = match &change.password {
        Some(password) => {
            if actor.is(id) && change.present_password.is_none() {
                return Err(Error::missing("password_actual", "Field required: the present password"));
            }
            let user = cx.store.read().await?.users().by_id(id).await?;
            let user =
                user.ok_or_else(|| Error::not_found(Kind::User, id))?.edit(change.edit.clone(), cx.clock.now()).0;
            check_password(cx, password, &owner(&user)).await?;
            Some(cx.hasher.hash(password).await?)
        }
        None => None,
    };
    let user = retry_contention(|| async {
        let confirmed = match (&change.password, &change.present_password) {
            (Some(wanted), Some(given)) if actor.is(id) => Some(confirm_password(cx, actor, id, given, wanted).await?),
            _ => None,
        };
        update_once(cx, actor, id, &change, hash.as_deref(), confirmed).await
    })
    .await?;
    cx.principals.forget_all();
    Ok(user)
}

fn owner(user: &User) -> PasswordOwner<'_> {
    PasswordOwner {
        email: user.email.as_ref(),
        names: [Some(&user.given_name), user.family_name.as_ref()].into_iter().flatten().collect(),
        dni: user.dni.as_ref(),
        phone: user.phone.as_ref(),
    }
}

async fn update_once(
    cx: &Context,
    actor: &Actor,
    id: UserId,
    change: &UserChange,
    hash: Option<&str>,
    confirmed: Option<Confirmed>,
) -> Result<User> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if let Some(user) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(user);
    }
    let before = tx.users().lock(id).await?.ok_or_else(|| Error::not_found(Kind::User, id))?;
    let hash = match confirmed {
        // The same change was made before, and ended the other sessions then.
        Some(Confirmed::Repeated) => None,
        Some(Confirmed::Present(shown)) if tx.users().password_hash(id).await?.as_ref() != Some(&shown) => {
            return Err(Error::Contention("the password was changed in the meantime".into()));
        }
        Some(Confirmed::Present(_)) | None => hash,
    };
    if change.expected.is_some_and(|versions| !versions.contains(before.version)) {
        return Err(Error::Outdated(Current::User(Box::new(before))));
    }
    if let Some(Some(account)) = change.edit.telegram
        && before.telegram != Some(account)
    {
        return Err(Error::invalid("telegram_id", ONLY_BY_CODE));
    }
    let (level, verified, linked) = (before.level, before.verified, before.telegram);
    let (mut user, _) = before.clone().edit(change.edit.clone(), now);
    let mut difference = Difference::between(&before, &user);
    administrator::keep_one(&mut *tx, &before, Some(&user), now).await?;
    if !difference.is_empty() {
        user.version = tx.users().save(&user).await?;
    }
    if let Some(hash) = hash {
        tx.users().set_password_hash(id, hash, now).await?;
        difference = difference.and("password");
    }
    idempotency::keep(&mut *tx, actor, &user).await?;
    if difference.is_empty() {
        tx.commit().await?;
        return Ok(before);
    }
    let disabled = verified && !user.verified;
    if disabled || hash.is_some() {
        let except = if actor.is(id) && !disabled { actor.session() } else { None };
        let reason = match (disabled, actor.is(id)) {
            (true, _) => "disabled",
            (false, true) => "password_changed",
            (false, false) => "password_reset",
        };
        tx.sessions().revoke_all(id, except, reason, now).await?;
    }
    if linked.is_some() && user.telegram != linked {
        // Tokens for Telegram do not come back with the same account.
        tx.sessions().revoke_platform(id, Platform::Telegram, 0, "unlinked", now).await?;
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
    let event = Event::UserChanged { user: id, changed: difference.names() };
    record::events(cx, &mut *tx, actor, now, [event]).await?;
    let event = if user.level != level {
        AuditEvent::RoleChanged
    } else if disabled {
        AuditEvent::UserDisabled
    } else {
        AuditEvent::Update
    };
    let note = difference.note(cx, actor, event, now, "Usuario modificado").tags("update,sensitive");
    record::audit(&mut *tx, [note]).await?;
    if hash.is_some() && !actor.is(id) {
        let note = Note::new(cx, actor, AuditEvent::Update, now, "Contraseña restablecida por otra persona")
            .on("usuario", id)
            .severity(Severity::High)
            .tags("auth,security,sensitive");
        record::audit(&mut *tx, [note]).await?;
    }
    tx.commit().await?;
    Ok(user)
}

/// The officer of a user whose account was disabled is sent nowhere any more: tasks are dispatched
/// again, and the officer is off duty.
async fn off_duty(cx: &Context, tx: &mut dyn Tx, actor: &Actor, user: UserId, now: Time) -> Result<()> {
    let Some(held) = tx.officers().by_user(user).await? else { return Ok(()) };
    dispatch::release(cx, tx, actor, held.id, "Cuenta deshabilitada", now).await?;
    let Some(before) = tx.officers().lock(&[held.id]).await?.pop() else { return Ok(()) };
    let mut officer = before.clone();
    officer.set_availability(Availability::OutOfService, now);
    officer::save(cx, tx, actor, &before, officer, now).await?;
    Ok(())
}

fn permit(actor: &Actor, id: UserId, edit: &UserEdit) -> Result<()> {
    policy::self_or(actor, id, Permission::ManageUsers)?;
    let own = UserEdit { phone: edit.phone.clone(), ..UserEdit::default() };
    if *edit != own && policy::require(actor, Permission::ManageUsers).is_err() {
        return Err(Error::Forbidden(Forbidden::Field("solo telefono y password")));
    }
    Ok(())
}
