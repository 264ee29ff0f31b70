//! The office always has an administrator who can sign in.

use domain::{Level, Time, User};
use store::Tx;

use crate::{Error, Result};

/// Refuses a change after which no administrator could sign in any more, where one could before:
/// `after` is the user as changed, `None` when deleted.
///
/// Only who has an e-mail and a password can sign in: an administrator of the bot alone gives no one a
/// level. An account that is locked for a while counts, one that is locked for longer does not.
pub(super) async fn keep_one(tx: &mut dyn Tx, before: &User, after: Option<&User>, now: Time) -> Result<()> {
    if tx.users().password_hash(before.id).await?.is_none() || !administers(before, now) {
        return Ok(());
    }
    if after.is_some_and(|after| administers(after, now)) || tx.users().has_other_administrator(before.id, now).await? {
        return Ok(());
    }
    Err(Error::LastAdministrator)
}

/// Whether a user who has a password is an administrator who can sign in.
fn administers(user: &User, now: Time) -> bool {
    user.is_active() && user.level == Level::Administrator && user.email.is_some() && !user.lockout.lasts(now)
}
