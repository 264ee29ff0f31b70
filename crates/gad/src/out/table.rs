//! Tables on the terminal.

use std::fmt::{self, Display};

use comfy_table::{Cell, Table};

use super::printable::{Lines, printable};

/// A table for people, whose cells hold no control characters.
pub struct Rows(Table);

/// A cell without control characters.
pub fn cell(text: impl Display) -> Cell {
    #[expect(clippy::disallowed_methods, reason = "this is the function that the lint asks for")]
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
        #[expect(clippy::disallowed_methods, reason = "the cells were escaped by `cell`")]
        self.0.add_row(cells);
    }
}

impl Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
