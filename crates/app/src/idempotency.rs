//! Requests that may come twice are carried out once: the answer is kept in the transaction of
//! the first, and given again to the second.

use domain::stored;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::idempotency::Claim;
use store::{Tx, UnreadableIn};

use crate::{Actor, Context, Error, Result};

/// The answer of an earlier request with the same key, if there was one. Without a key nothing
/// is looked for. Called first in the transaction, before anything is decided.
///
/// `T` is stored: its changes keep to the rules of [`domain::stored`].
///
/// # Errors
/// [`Error::UnreadableAnswer`] when a program of another version, or a defect, wrote the answer.
pub async fn replay<T: DeserializeOwned>(cx: &Context, tx: &mut dyn Tx, actor: &Actor) -> Result<Option<T>> {
    let (Some(key), Some(user)) = (&actor.request.idempotency, actor.user()) else {
        return Ok(None);
    };
    let now = cx.clock.now();
    let expired = now - cx.settings.idempotency_ttl;
    match tx.idempotency().claim(user, &key.key, &key.request_hash, now, expired).await? {
        Claim::New => Ok(None),
        Claim::Seen { request_hash, .. } if request_hash != key.request_hash => Err(Error::IdempotencyMismatch),
        Claim::Seen { answer, .. } => {
            // The change was committed with this answer: it must not be carried out again.
            let read = answer.ok_or(stored::Unreadable::Json).and_then(stored::from_value);
            read.map(Some).map_err(|reason| {
                UnreadableIn::Answers.counter().increment(1);
                let table = UnreadableIn::Answers.name();
                tracing::warn!(code = "stored.unreadable", table, %reason, "a stored answer cannot be given again");
                Error::UnreadableAnswer
            })
        }
    }
}

/// Keeps the answer for the next request with the same key. Called last, before the commit.
pub async fn keep<T: Serialize + Sync>(tx: &mut dyn Tx, actor: &Actor, answer: &T) -> Result<()> {
    if let (Some(key), Some(user)) = (&actor.request.idempotency, actor.user()) {
        let answer = stored::to_value(answer).map_err(|error| Error::Internal(error.into()))?;
        tx.idempotency().keep(user, &key.key, &answer).await?;
    }
    Ok(())
}
