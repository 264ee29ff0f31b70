//! A message to one of the office's groups.

use domain::audit::AuditEvent;
use domain::{Event, MultiLine};

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Result, idempotency};

/// Longest text that Telegram takes in one message, in characters.
const LONGEST: usize = 4096;

/// What is to be said, and to whom.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// `general`, `supervisores`, `emergencias` or `operaciones`.
    pub group: String,
    /// `normal`, `alert`, `urgent` or `info`.
    pub level: String,
    /// The text.
    pub message: MultiLine<1, LONGEST>,
}

/// Leaves an audit line on a message to all screens of a process, which is not kept. What it said is not the
/// audit's.
pub async fn broadcast(cx: &Context, actor: &Actor, message_chars: usize, topic: Option<&str>) -> Result<()> {
    policy::require(actor, Permission::ConfigureSystem)?;
    let note = Note::new(cx, actor, AuditEvent::Create, cx.clock.now(), "Mensaje de prueba enviado a las pantallas")
        .on("anuncio", topic.unwrap_or("todas"))
        .fact("message_chars", message_chars)
        .tags("create");
    record::write_alone(cx, note).await
}

/// Hands an announcement over to those who deliver it.
pub async fn announce(cx: &Context, actor: &Actor, announcement: Announcement) -> Result<()> {
    policy::require(actor, Permission::ConfigureSystem)?;
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    if idempotency::replay::<()>(cx, &mut *tx, actor).await?.is_some() {
        return Ok(());
    }
    let Announcement { group, level, message } = announcement;
    // What was said is not the audit's; that something was said, to whom and how much, is.
    let note = Note::new(cx, actor, AuditEvent::Create, now, "Anuncio enviado")
        .on("anuncio", &group)
        .fact("tipo", level.as_str())
        .fact("message_chars", message.as_str().chars().count())
        .tags("create");
    let event = Event::Announcement { group, level, message: message.into_string() };
    record::events(cx, &mut *tx, actor, now, [event]).await?;
    record::audit(&mut *tx, [note]).await?;
    idempotency::keep(&mut *tx, actor, &()).await?;
    tx.commit().await?;
    Ok(())
}
