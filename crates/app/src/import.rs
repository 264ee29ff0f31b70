//! The audit of an import. The rows themselves go from one database to another; what an office
//! must know of it is that it was done, and how much came in.

use domain::JsonObject;
use domain::audit::AuditEvent;

use crate::record::{self, Note};
use crate::{Actor, Context, Result};

/// How an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All was read.
    Complete,
    /// It broke off; what had come in by then stays.
    Interrupted,
}

/// Leaves an audit line of an import that added rows. `facts` are counts, nothing personal.
pub async fn leave_a_line(cx: &Context, actor: &Actor, added: u64, facts: JsonObject, ending: Ending) -> Result<()> {
    let text = format!("Importación de una base de GRUPO_GAD: {added} filas agregadas");
    let mut note = Note::new(cx, actor, AuditEvent::DataImport, cx.clock.now(), text).on("importacion", "grupo-gad");
    for (name, fact) in facts {
        note = note.fact(&name, fact);
    }
    if ending == Ending::Interrupted {
        note = note.refused("interrumpida");
    }
    record::write_alone(cx, note).await
}
