//! Which key signs, and how one hands over to the next.

use domain::audit::{AuditEvent, AuditKey, KeyId, KeyStatement, Keys};
use store::{BoxError, Tx};

use crate::record::{self, Note};
use crate::{Actor, Context, Error};

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// Nobody gave a key.
    #[error("no key to sign with: give GAD_AUDIT_KEY, which replicas share")]
    NoKey,
    /// The keys cannot be read.
    #[error("the key to sign with cannot be read")]
    Unreadable(#[source] BoxError),
    /// The record's newest key is another one.
    #[error(
        "the record was last signed with key {0}, which is not among those that were given; \
         a new key is given before the old one, as NEW,OLD"
    )]
    Stranger(KeyId),
    /// What stands in the record would be signed although it does not hold.
    #[error("nothing is signed: {0}; `gad audit verify` says more")]
    Broken(String),
    /// What went wrong besides.
    #[error(transparent)]
    App(#[from] Error),
}

impl From<store::Error> for SignError {
    fn from(error: store::Error) -> Self {
        Self::App(error.into())
    }
}

/// The key that signs, which is made known to the record first if it is new to it. The turn to sign
/// is taken by then.
pub(super) async fn in_force(cx: &Context, actor: &Actor, tx: &mut dyn Tx) -> Result<AuditKey, SignError> {
    let given = cx.audit.keys().map_err(SignError::Unreadable)?;
    let key = given.first().ok_or(SignError::NoKey)?;
    let statements = tx.audit_chain().keys().await?;
    let known = Keys::check(&statements, None).map_err(SignError::Broken)?;
    let public = key.public();
    let previous = match known.newest() {
        Some(newest) if *newest == public => return Ok(key.clone()),
        Some(newest) => {
            let previous = given.iter().find(|older| older.public() == *newest);
            // A key that has handed over already does not come back.
            let is_new = known.place(&public.id()).is_none();
            Some(previous.filter(|_| is_new).ok_or_else(|| SignError::Stranger(newest.id()))?)
        }
        None => None,
    };
    let number = i64::try_from(statements.len()).unwrap_or(i64::MAX) + 1;
    let now = cx.clock.now();
    tx.audit_chain().push_key(number, &KeyStatement::sign(number, key, previous, now)).await?;
    let text = if previous.is_some() { "Clave de auditoría cambiada" } else { "Clave de auditoría registrada" };
    let mut note = Note::new(cx, actor, AuditEvent::SystemConfigChanged, now, text)
        .on("clave_auditoria", public.id())
        .tags("security,update");
    if let Some(previous) = previous {
        note = note.fact("anterior", previous.public().id().to_string());
    }
    record::audit(tx, [note]).await?;
    Ok(key.clone())
}

/// Makes the first of the given keys the one that signs. Gives its name.
pub async fn hand_over(cx: &Context, actor: &Actor) -> Result<KeyId, SignError> {
    let mut tx = cx.store.write().await?;
    tx.audit_chain().take_turn().await?;
    let key = in_force(cx, actor, &mut *tx).await?;
    tx.commit().await?;
    Ok(key.public().id())
}
