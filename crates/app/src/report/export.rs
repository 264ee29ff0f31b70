//! Figures taken away as a file.

use domain::audit::AuditEvent;

use super::{Language, ReportQuery, Table, read, sheet, workbook};
use crate::record::{self, Note};
use crate::{Actor, Context, Result};

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One table; for a program where `plain`, else for a spreadsheet with the settings of the language.
    Csv {
        /// Which one.
        table: Table,
        /// Whether a program reads it.
        plain: bool,
    },
    /// All of them.
    Xlsx,
}

/// The figures as a file. No file leaves before it is written down that it was taken.
pub async fn export(
    cx: &Context,
    actor: &Actor,
    query: &ReportQuery,
    language: Language,
    format: Format,
) -> Result<Vec<u8>> {
    let (figures, crew) = read::both(cx, actor, query).await?;
    let (name, table) = match format {
        Format::Csv { table, .. } => ("csv", table.as_str()),
        Format::Xlsx => ("xlsx", "todas"),
    };
    let file = cx.reports.reckon("report-file", move || match format {
        Format::Csv { table, plain } => workbook::csv(&sheet::sheet(table, &figures, &crew, language), language, plain),
        Format::Xlsx => workbook::xlsx(&Table::ALL.map(|table| sheet::sheet(table, &figures, &crew, language))),
    });
    let file = file.await??;
    let period = query.period;
    let note = Note::new(cx, actor, AuditEvent::DataExport, cx.clock.now(), "Informe exportado")
        .on("informe", format!("{}/{}", period.first(), period.last()))
        .fact("formato", name)
        .fact("tabla", table)
        .fact("unidad", query.unit.as_ref().map(|unit| unit.as_str().to_owned()))
        .tags("read,report");
    record::write_alone(cx, note).await?;
    Ok(file)
}
