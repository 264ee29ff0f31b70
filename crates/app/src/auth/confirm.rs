//! Proof that the one who changes a password knows the present one.

use domain::UserId;
use domain::audit::{AuditEvent, Severity};
use domain::user::{Attempts, Password, TypedPassword};
use zeroize::Zeroizing;

use super::failures;
use super::source::source_of;
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Kind, Result};

/// What was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Confirmed {
    /// The present password, whose hash this is.
    Present(String),
    /// The password is the wanted one already: the same change was made before.
    Repeated,
}

/// Compares `given` with the present password of a user. Another one counts as a failed sign-in from
/// the actor's place, and closes it like one.
///
/// # Errors
/// `WrongPassword`, also for a place that is closed and for a user without a password.
pub(crate) async fn confirm_password(
    cx: &Context,
    actor: &Actor,
    id: UserId,
    given: &TypedPassword,
    wanted: &Password,
) -> Result<Confirmed> {
    let stored = cx.store.read().await?.users().password_hash(id).await?;
    let verify = async |text: &str| cx.hasher.verify(Zeroizing::new(text.to_owned()), stored.clone()).await;
    let confirmed = if verify(given.reveal()).await?.matches {
        stored.clone().map(Confirmed::Present)
    } else if verify(wanted.reveal()).await?.matches {
        Some(Confirmed::Repeated)
    } else {
        None
    };
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    // As at sign-in: the count of failures is only right under a lock.
    let mut user = tx.users().lock(id).await?.ok_or_else(|| Error::not_found(Kind::User, id))?;
    let place = source_of(actor.request.ip);
    let mut attempts = tx.sessions().attempts(id, &place).await?.unwrap_or_else(|| Attempts::none(now));
    let is_closed = attempts.closed_for(&user.lockout, now).is_some();
    if let Some(confirmed) = confirmed.filter(|_| !is_closed) {
        return Ok(confirmed);
    }
    if !is_closed {
        failures::count(&mut *tx, &mut user, &place, &mut attempts, now).await?;
    }
    let note = Note::new(cx, actor, AuditEvent::PermissionDenied, now, "Cambio de contraseña rechazado")
        .on("usuario", id)
        .severity(Severity::High)
        .tags("auth,security")
        .refused("wrong present password");
    record::audit(&mut *tx, [failures::with_counts(note, &user, &attempts)]).await?;
    tx.commit().await?;
    Err(Error::WrongPassword { retry_after: failures::retry_after(&user, &attempts, now) })
}
