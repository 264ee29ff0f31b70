//! Reading the audit, which leaves a line itself.

use domain::audit::{AuditEvent, Severity, Signed};
use store::Page;
use store::audit::{AuditFilter, Numbered};

use super::AuditState;
use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Result};

/// Lines that a filter lets through, in the order of the page.
pub async fn lines(cx: &Context, actor: &Actor, filter: &AuditFilter, page: Page) -> Result<Vec<Numbered>> {
    policy::require(actor, Permission::ViewAudit)?;
    let found = cx.store.read().await?.audit().search(filter, page).await?;
    let note = Note::new(cx, actor, AuditEvent::Read, cx.clock.now(), "Auditoría consultada")
        .on("auditoria", "lineas")
        .fact("lineas", found.len())
        .severity(Severity::Medium)
        .tags("read,sensitive_data");
    record::write_alone(cx, note).await?;
    Ok(found)
}

/// How the proof stands. Looks at nothing: background tasks do.
pub fn state(cx: &Context, actor: &Actor) -> Result<AuditState> {
    policy::require(actor, Permission::ViewAudit)?;
    Ok(cx.audit.state())
}

/// Checkpoints after number `after`, oldest first, at most `limit`.
pub async fn checkpoints(cx: &Context, actor: &Actor, after: i64, limit: u32) -> Result<Vec<Signed>> {
    policy::require(actor, Permission::ViewAudit)?;
    Ok(cx.store.read().await?.audit_chain().checkpoints(after, limit).await?)
}

/// Leaves a line on an export of the whole audit.
pub async fn exported(cx: &Context, actor: &Actor, lines: i64) -> Result<()> {
    policy::require(actor, Permission::ViewAudit)?;
    let note = Note::new(cx, actor, AuditEvent::DataExport, cx.clock.now(), "Auditoría exportada")
        .on("auditoria", "todas")
        .fact("lineas", lines)
        .tags("read,sensitive_data");
    record::write_alone(cx, note).await
}
