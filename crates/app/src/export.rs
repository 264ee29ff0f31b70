//! That data was taken out in bulk.

use domain::audit::AuditEvent;

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Result};

/// Leaves an audit line on an export of `rows` rows of `what`.
pub async fn done(cx: &Context, actor: &Actor, what: &str, format: &str, rows: u64) -> Result<()> {
    policy::require(actor, Permission::ExportData)?;
    let note = Note::new(cx, actor, AuditEvent::DataExport, cx.clock.now(), "Datos exportados")
        .on(what, "todos")
        .fact("formato", format)
        .fact("filas", rows)
        .tags("read,sensitive_data");
    record::write_alone(cx, note).await
}
