//! What a report is made of, whatever it is written as.

/// A part of a report. Texts may hold `code` and **strong** words, as in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of some depth, from 1.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(String),
    /// A paragraph that must not be overlooked.
    Warning(String),
    /// A table.
    Table {
        /// Heads of columns.
        head: Vec<String>,
        /// Cells.
        rows: Vec<Vec<String>>,
    },
    /// A list.
    List(Vec<String>),
    /// A picture in a file beside the report, and what it shows.
    Picture(String, String),
    /// A diagram in Mermaid's words.
    Diagram(String),
    /// Commands.
    Code(String),
}

/// A report in the making.
#[derive(Debug, Default)]
pub struct Document(pub Vec<Block>);

impl Document {
    /// Adds a heading.
    pub fn heading(&mut self, depth: u8, text: impl Into<String>) {
        self.0.push(Block::Heading(depth, text.into()));
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: impl Into<String>) {
        self.0.push(Block::Paragraph(text.into()));
    }

    /// Adds a table, unless it would be empty.
    pub fn table(&mut self, head: &[&str], rows: Vec<Vec<String>>) {
        if !rows.is_empty() {
            self.0.push(Block::Table { head: head.iter().map(|head| (*head).to_owned()).collect(), rows });
        }
    }

    /// Adds a list, unless it would be empty.
    pub fn list(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.0.push(Block::List(items));
        }
    }
}
