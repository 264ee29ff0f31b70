//! What a change leaves behind: audit lines and events, both in its own transaction.

use domain::audit::{AuditEvent, HashRule, Severity};
use domain::{AuditLine, Event, JsonObject, Time};
use serde_json::Value;
use store::Tx;

use crate::{Actor, Context, Identity, Refusal, Request, Result};

/// Longest user agent that the audit keeps, in characters.
const USER_AGENT_LENGTH: usize = 255;

/// An audit line in the making.
#[must_use]
pub struct Note(AuditLine);

impl Note {
    /// `actor` did `event` at `now`; `description` says it in Spanish.
    pub fn new(cx: &Context, actor: &Actor, event: AuditEvent, now: Time, description: impl Into<String>) -> Self {
        let request = &actor.request;
        let severity = event.severity();
        Self(AuditLine {
            event_id: cx.rng.uuid(),
            event,
            severity,
            at: now,
            user: actor.acting_user(),
            telegram: actor.on_behalf_of.and_then(|represented| represented.telegram),
            session: actor.session(),
            request_id: Some(request.id.clone()).filter(|id| !id.is_empty()),
            endpoint: Some(request.endpoint.clone()).filter(|path| !path.is_empty()),
            method: Some(request.method.clone()).filter(|method| !method.is_empty()),
            user_agent: request.user_agent.as_ref().map(|agent| agent.chars().take(USER_AGENT_LENGTH).collect()),
            ip: request.ip,
            resource_type: None,
            resource_id: None,
            description: description.into(),
            old_values: None,
            new_values: None,
            metadata: JsonObject::new(),
            success: true,
            error: None,
            tags: None,
            retain_until: now + severity.retention(),
            identity: Some(actor.identity.word().into_owned()),
            on_behalf_of: actor.represented(),
            rule: HashRule::default(),
        })
    }

    /// What it was done to.
    pub fn on(mut self, resource_type: &str, resource_id: impl ToString) -> Self {
        self.0.resource_type = Some(resource_type.to_owned());
        self.0.resource_id = Some(resource_id.to_string());
        self
    }

    /// Changed fields, before and after. Personal data only by reference: the field's name.
    pub fn values(mut self, old: Option<Value>, new: Option<Value>) -> Self {
        let object = |value| match value {
            Some(Value::Object(object)) => Some(object),
            _ => None,
        };
        self.0.old_values = object(old);
        self.0.new_values = object(new);
        self
    }

    /// One more fact.
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.metadata.insert(name.to_owned(), value.into());
        self
    }

    /// Through which Telegram account.
    pub fn through(mut self, account: domain::TelegramId) -> Self {
        self.0.telegram = Some(account);
        self
    }

    /// Who did it, where the request itself proved who it is.
    pub fn by(mut self, user: domain::UserId) -> Self {
        self.0.user = Some(user);
        self.0.identity = Some(Identity::USER.to_owned());
        self
    }

    /// Whose account the request named without proof.
    pub fn claimed(mut self, user: domain::UserId) -> Self {
        self.0.user = Some(user);
        self
    }

    /// In which session, where the actor is not known by it.
    pub fn in_session(mut self, session: domain::SessionId) -> Self {
        self.0.session = Some(session);
        self
    }

    /// Tags of the contract, comma-separated.
    pub fn tags(mut self, tags: &str) -> Self {
        self.0.tags = Some(tags.to_owned());
        self
    }

    /// Graver or less grave than events of its kind are.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.0.severity = severity;
        self.0.retain_until = self.0.at + severity.retention();
        self
    }

    /// It was refused.
    pub fn refused(mut self, why: impl Into<String>) -> Self {
        self.0.success = false;
        self.0.error = Some(why.into());
        self
    }

    /// The line.
    pub fn line(self) -> AuditLine {
        self.0
    }
}

/// Writes audit lines.
pub async fn audit(tx: &mut dyn Tx, notes: impl IntoIterator<Item = Note>) -> Result<()> {
    let lines: Vec<AuditLine> = notes.into_iter().map(Note::line).collect();
    tx.audit().push(&lines).await?;
    Ok(())
}

/// Writes events to the outbox.
pub async fn events(
    cx: &Context,
    tx: &mut dyn Tx,
    actor: &Actor,
    now: Time,
    events: impl IntoIterator<Item = Event>,
) -> Result<()> {
    let rows: Vec<_> = events.into_iter().map(|event| (cx.rng.uuid(), event)).collect();
    // Every change passes here; so all that is logged of it from now on names its task.
    if let Some(task) = rows.iter().find_map(|(_, event)| event.task()) {
        tracing::Span::current().record("task.id", task.id.0);
    }
    if !rows.is_empty() {
        tx.outbox().push(&rows, now, Some(actor.request.id.as_str())).await?;
    }
    Ok(())
}

/// Writes down that `actor` was refused what the request asked for, in a transaction of its own.
/// The refusal stands even when the line cannot be written: that is logged.
pub async fn record_refusal(cx: &Context, actor: &Actor, why: Refusal) {
    let Request { method, endpoint, target, .. } = &*actor.request;
    let text = format!("Acceso denegado: {method} {endpoint}");
    let why = match why {
        Refusal::Forbidden(why) => format!("{why:?}"),
        Refusal::Hidden(kind) => format!("Hidden({kind:?})"),
    };
    let mut note =
        Note::new(cx, actor, AuditEvent::PermissionDenied, cx.clock.now(), text).tags("auth,security").refused(why);
    if let Some(target) = target {
        note = note.on(target.kind, &target.id);
    }
    if let Err(error) = write_alone(cx, note).await {
        tracing::error!(error = &error as &dyn std::error::Error, "refusal not audited");
    }
}

/// Writes one audit line in a transaction of its own.
pub async fn write_alone(cx: &Context, note: Note) -> Result<()> {
    let mut tx = cx.store.write().await?;
    audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    Ok(())
}
