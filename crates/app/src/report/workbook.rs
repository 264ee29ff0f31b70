//! Figures as files.

use super::Language;
use super::sheet::{Sheet, Value};
use crate::table_file::{self, Cell, CsvDialect, CsvTable, WorkbookSheet};
use crate::{Error, Result};

/// One table as CSV, for a spreadsheet with the settings of the language, or for a program.
pub(super) fn csv(sheet: &Sheet, language: Language, plain: bool) -> Result<Vec<u8>> {
    let dialect = if plain { CsvDialect::Plain } else { CsvDialect::Spreadsheet(language) };
    let failed = |error: std::io::Error| Error::Internal(error.into());
    let mut table = CsvTable::new(Vec::new(), dialect, &sheet.header).map_err(failed)?;
    for row in &sheet.rows {
        table.row(row.iter().map(cell)).map_err(failed)?;
    }
    table.finish().map_err(failed)
}

/// All tables as sheets of one workbook (Office Open XML).
pub(super) fn xlsx(sheets: &[Sheet]) -> Result<Vec<u8>> {
    let rows: Vec<Vec<Vec<Cell>>> =
        sheets.iter().map(|sheet| sheet.rows.iter().map(|row| row.iter().map(cell).collect()).collect()).collect();
    let pages = sheets.iter().zip(&rows);
    let pages: Vec<WorkbookSheet<'_>> =
        pages.map(|(sheet, rows)| WorkbookSheet { name: sheet.name, header: &sheet.header, rows }).collect();
    table_file::workbook(&pages).map_err(|error| Error::Internal(error.into()))
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Text(text) => Cell::Text(text.clone()),
        Value::Number(Some(number)) => Cell::Number(rounded(*number)),
        Value::Number(None) => Cell::Empty,
    }
}

/// To the millisecond, and no dust of division.
fn rounded(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}
