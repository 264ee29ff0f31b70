//! Tables on the terminal.

use std::fmt::{self, Display};

use comfy_table::{Cell, Table};

use super::printable::{Lines, printable};

/// A table for people, whose cells hold no control characters.
pub struct Rows(Table);

/// A cell without control characters.
pub fn cell(text: impl Display) -> Cell {
    Cell::new(printable(&text.to_string(), Lines::Escaped))
}

impl Rows {
    /// No rows yet, under this header.
    pub fn new<const N: usize>(header: [&str; N]) -> Self {
        let mut table = Table::new();
        table.set_header(header);
        Self(table)
    }

    /// One more row.
    pub fn add<T: Display>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.add_cells(cells.into_iter().map(cell));
    }

    /// One more row of cells that [`cell`] made.
    pub fn add_cells(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.0.add_row(cells);
    }
}

impl Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn cells_hold_no_control_characters() {
        let mut rows = Rows::new(["nombre"]);
        rows.add(["A\u{1b}[31mB\nC"]);
        let shown = rows.to_string();
        assert!(shown.contains("A\\u{1b}[31mB\\nC") && !shown.contains('\u{1b}'), "{shown}");
    }

    /// Files below `dir` that make tables or cells themselves.
    fn others(dir: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("src/out") {
                    others(&path, found);
                }
            } else if std::fs::read_to_string(&path)
                .unwrap()
                .replace("use comfy_table::Color;", "")
                .contains("comfy_table")
            {
                found.push(path.display().to_string());
            }
        }
    }

    #[test]
    fn no_command_makes_tables_of_its_own() {
        let mut found = Vec::new();
        others(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert_eq!(found, Vec::<String>::new(), "Rows and cell escape what a terminal would act on");
    }
}
