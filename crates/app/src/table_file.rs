//! Tables as files: CSV for the program that reads it, and workbooks of spreadsheets. Every table that
//! leaves the office is written here.

use std::io::Write;

use rust_xlsxwriter::{Color, Format, Workbook, XlsxError};
use unicode_normalization::UnicodeNormalization as _;

use crate::report::Language;

/// Most characters of a cell in a workbook.
const MOST_CHARACTERS: usize = 32_767;
/// Most rows of a sheet below its header.
pub const MOST_ROWS: usize = 1_048_575;

/// For whom a CSV file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvDialect {
    /// A spreadsheet with the settings of a language: a byte-order mark; `;` and a decimal comma in
    /// Spanish, `,` and a decimal point in English.
    Spreadsheet(Language),
    /// A program: no mark, `,` and a decimal point.
    Plain,
}

impl CsvDialect {
    const fn is_spanish(self) -> bool {
        matches!(self, Self::Spreadsheet(Language::Spanish))
    }
}

/// One value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number, written as it is.
    Number(f64),
    /// Nothing.
    Empty,
}

/// Writes one table as CSV. Text is quoted, numbers are not. Text that a spreadsheet would run as a formula
/// begins with an apostrophe (CWE-1236), and control characters but the line break are left out.
pub struct CsvTable<W: Write> {
    writer: W,
    dialect: CsvDialect,
}

impl<W: Write> CsvTable<W> {
    /// Begins a file with its header.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(mut writer: W, dialect: CsvDialect, header: &[&str]) -> std::io::Result<Self> {
        if matches!(dialect, CsvDialect::Spreadsheet(_)) {
            writer.write_all("\u{feff}".as_bytes())?;
        }
        let mut table = Self { writer, dialect };
        table.row(header.iter().map(|title| Cell::Text((*title).to_owned())))?;
        Ok(table)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> std::io::Result<()> {
        let separator = if self.dialect.is_spanish() { ";" } else { "," };
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.writer.write_all(separator.as_bytes())?;
            }
            match cell {
                Cell::Empty => {}
                Cell::Number(number) => {
                    let text = number.to_string();
                    let text = if self.dialect.is_spanish() { text.replace('.', ",") } else { text };
                    self.writer.write_all(text.as_bytes())?;
                }
                Cell::Text(text) => {
                    let text = guarded(printable(&text)).replace('"', "\"\"");
                    write!(self.writer, "\"{text}\"")?;
                }
            }
        }
        self.writer.write_all(b"\r\n")
    }

    /// Writes what is left, and returns the writer.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> std::io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// The text without control characters. Line breaks are one character, and a tabulator is a space.
fn printable(text: &str) -> String {
    let mut printed = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => printed.push('\n'),
            '\t' => printed.push(' '),
            c if c.is_control() => {}
            c => printed.push(c),
        }
    }
    printed
}

/// The text with an apostrophe before it, where a spreadsheet would take it for a formula. Spreadsheets
/// skip blanks and invisible characters at the beginning, and take full-width signs for the ordinary ones.
fn guarded(text: String) -> String {
    let first = text.chars().find(|c| !c.is_whitespace() && !domain::text::is_invisible(*c));
    let sign = first.and_then(|c| c.nfkc().next());
    let begins_a_line = text.starts_with('\n');
    if begins_a_line || matches!(sign, Some('=' | '+' | '-' | '@' | '\u{2212}')) { format!("'{text}") } else { text }
}

/// One sheet of a workbook.
pub struct WorkbookSheet<'a> {
    /// Its name.
    pub name: &'a str,
    /// Names of its columns.
    pub header: &'a [&'a str],
    /// Its rows.
    pub rows: &'a [Vec<Cell>],
}

/// Writes a workbook (Office Open XML). Text is never a formula there; what is longer than a cell takes is
/// cut.
///
/// # Errors
/// A sheet with more than [`MOST_ROWS`] rows.
pub fn workbook(sheets: &[WorkbookSheet<'_>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_background_color(Color::RGB(0x00_DC_E9_F5)).set_text_wrap();
    for sheet in sheets {
        let page = book.add_worksheet().set_name(sheet.name)?;
        page.set_freeze_panes(1, 1)?;
        for (column, title) in (0..).zip(sheet.header) {
            page.write_string_with_format(0, column, *title, &head)?;
            page.set_column_width(column, if column == 0 { 22 } else { 14 })?;
        }
        for (line, row) in (1..).zip(sheet.rows) {
            for (column, value) in (0..).zip(row) {
                match value {
                    Cell::Text(text) => page.write_string(line, column, fitting(&printable(text)))?,
                    Cell::Number(number) => page.write_number(line, column, *number)?,
                    Cell::Empty => continue,
                };
            }
        }
    }
    book.save_to_buffer()
}

fn fitting(text: &str) -> String {
    // Excel counts UTF-16 units.
    if text.encode_utf16().count() <= MOST_CHARACTERS {
        return text.to_owned();
    }
    let mut units = 0;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units < MOST_CHARACTERS
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that readers misread: formulas in every spelling, separators, quotes, control characters.
    const HOSTILE: [&str; 22] = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\u{ff1d}1+1",
        "\u{ff0b}1",
        "\u{ff0d}1",
        "\u{ff20}a",
        "\u{fe66}1",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u{a0}=1",
        "\u{200b}=1",
        "\u{2212}1",
        "a;b,c",
        "a \"b\"",
        "línea\r\notra",
        "\u{1b}[31mrojo",
        "Resolución",
        "",
    ];

    fn written(dialect: CsvDialect) -> Vec<u8> {
        let mut table = CsvTable::new(Vec::new(), dialect, &["Nombre", "Número"]).unwrap();
        for text in HOSTILE {
            table.row([Cell::Text(text.to_owned()), Cell::Number(-12.5)]).unwrap();
        }
        table.row([Cell::Empty, Cell::Number(1_000_000.0)]).unwrap();
        table.finish().unwrap()
    }

    #[test]
    fn hostile_texts_are_read_back_as_text_by_every_reader() {
        let dialects = [
            (CsvDialect::Spreadsheet(Language::Spanish), true, b';', "-12,5"),
            (CsvDialect::Spreadsheet(Language::English), true, b',', "-12.5"),
            (CsvDialect::Plain, false, b',', "-12.5"),
        ];
        for (dialect, has_mark, separator, number) in dialects {
            let file = written(dialect);
            let body = file.strip_prefix("\u{feff}".as_bytes());
            assert_eq!(body.is_some(), has_mark, "{dialect:?}");
            let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(body.unwrap_or(&file));
            assert_eq!(reader.headers().unwrap(), vec!["Nombre", "Número"]);
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), HOSTILE.len() + 1);
            for (row, text) in rows.iter().zip(HOSTILE) {
                let read = &row[0];
                assert_eq!(read.strip_prefix('\'').unwrap_or(read), printable(text), "{dialect:?} {text:?}");
                assert!(!read.chars().any(|c| c.is_control() && c != '\n'), "{read:?}");
                let seen = read.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{200b}');
                let sign = seen.nfkc().next();
                assert!(!matches!(sign, Some('=' | '+' | '-' | '@')), "{dialect:?} {read:?} is a formula");
                assert_eq!(&row[1], number);
            }
            assert_eq!((&rows[HOSTILE.len()][0], &rows[HOSTILE.len()][1]), ("", "1000000"));
        }
    }

    #[test]
    fn text_is_quoted_and_numbers_are_not() {
        let mut table = CsvTable::new(Vec::new(), CsvDialect::Plain, &["a"]).unwrap();
        table.row([Cell::Text("12".to_owned()), Cell::Number(12.0)]).unwrap();
        assert_eq!(String::from_utf8(table.finish().unwrap()).unwrap(), "\"a\"\r\n\"12\",12\r\n");
    }

    #[test]
    fn a_workbook_takes_texts_longer_than_a_cell() {
        let long = "😀".repeat(20_000);
        assert!(fitting(&long).encode_utf16().count() <= MOST_CHARACTERS);
        let rows = [vec![Cell::Text(long)]];
        assert!(workbook(&[WorkbookSheet { name: "a", header: &["b"], rows: &rows }]).is_ok());
    }
}
