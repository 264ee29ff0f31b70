//! Tables as files: CSV, and a workbook of spreadsheets.

use rust_xlsxwriter::{Color, Format, Workbook, XlsxError};

use super::sheet::{Sheet, Value};
use crate::{Error, Result};

/// One table, comma-separated, with a header. Text that a spreadsheet would take for a formula
/// begins with an apostrophe.
pub(super) fn csv(sheet: &Sheet) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::Internal(error.into());
    writer.write_record(&sheet.header).map_err(failed)?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(plain)).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::Internal(error.to_string().into()))
}

fn plain(value: &Value) -> String {
    match value {
        // A unit's name is somebody's text, and a spreadsheet would run it (CWE-1236).
        Value::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Value::Text(text) => text.clone(),
        Value::Number(None) => String::new(),
        Value::Number(Some(number)) => rounded(*number).to_string(),
    }
}

/// All tables as sheets of one workbook (Office Open XML). Text is never a formula there.
pub(super) fn xlsx(sheets: &[Sheet]) -> Result<Vec<u8>> {
    write(sheets).map_err(|error| Error::Internal(error.into()))
}

fn write(sheets: &[Sheet]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_background_color(Color::RGB(0x00_DC_E9_F5)).set_text_wrap();
    for sheet in sheets {
        let page = book.add_worksheet().set_name(sheet.name)?;
        page.set_freeze_panes(1, 1)?;
        for (column, title) in (0..).zip(&sheet.header) {
            page.write_string_with_format(0, column, *title, &head)?;
            page.set_column_width(column, if column == 0 { 22 } else { 14 })?;
        }
        for (line, row) in (1..).zip(&sheet.rows) {
            for (column, value) in (0..).zip(row) {
                match value {
                    Value::Text(text) => page.write_string(line, column, text)?,
                    Value::Number(Some(number)) => page.write_number(line, column, rounded(*number))?,
                    Value::Number(None) => continue,
                };
            }
        }
    }
    book.save_to_buffer()
}

/// To the millisecond, and no dust of division.
fn rounded(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}
