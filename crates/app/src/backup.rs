//! That a copy of the record was taken, or put in its place. The copying is the binary's work.

use domain::audit::AuditEvent;

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Result};

/// Leaves an audit line on a copy that was taken.
pub async fn taken(cx: &Context, actor: &Actor, name: &str, size_bytes: u64, sha256: &str) -> Result<()> {
    policy::require(actor, Permission::ExportData)?;
    let note = Note::new(cx, actor, AuditEvent::BackupCreated, cx.clock.now(), "Copia de seguridad creada")
        .on("copia", name)
        .fact("size_bytes", size_bytes)
        .fact("sha256", sha256)
        .tags("create,sensitive_data");
    record::write_alone(cx, note).await
}

/// Leaves an audit line, in the restored record, on where it came from.
pub async fn restored(cx: &Context, actor: &Actor, name: &str, sha256: &str) -> Result<()> {
    policy::require(actor, Permission::ConfigureSystem)?;
    let note = Note::new(cx, actor, AuditEvent::DataImport, cx.clock.now(), "Registro restaurado de una copia")
        .on("copia", name)
        .fact("sha256", sha256)
        .tags("update,sensitive_data");
    record::write_alone(cx, note).await
}
