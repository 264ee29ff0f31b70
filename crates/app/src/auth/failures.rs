//! Counts of passwords that were wrong, at sign-in and where the present password is asked for.

use std::time::Duration;

use domain::user::{Attempts, MAX_FAILURES_ANYWHERE};
use domain::{Time, User};
use store::Tx;

use crate::Result;
use crate::record::Note;

/// Counts a failure of a locked user from a source.
pub(super) async fn count(
    tx: &mut dyn Tx,
    user: &mut User,
    source: &str,
    attempts: &mut Attempts,
    now: Time,
) -> Result<()> {
    *attempts = attempts.failed(now);
    user.lockout = user.lockout.after_failure(MAX_FAILURES_ANYWHERE, now);
    tx.sessions().note_attempts(user.id, source, attempts).await?;
    tx.users().save_access(user).await?;
    Ok(())
}

/// An audit line with both counts: of the source and of the account.
pub(super) fn with_counts(note: Note, user: &User, attempts: &Attempts) -> Note {
    note.fact("intentos_fallidos", attempts.lockout.failures).fact("intentos_fallidos_en_total", user.lockout.failures)
}

/// How long the account stays closed to the source; `None` when it is not.
pub(super) fn retry_after(user: &User, attempts: &Attempts, now: Time) -> Option<Duration> {
    attempts.closed_for(&user.lockout, now).and_then(|left| left.to_std().ok())
}
