//! A report as Markdown.

use std::fmt::Write as _;

use super::document::{Block, Document};

/// The whole text.
pub fn render(document: &Document) -> String {
    let mut out = String::new();
    for block in &document.0 {
        // Writing to a String cannot fail.
        let _ = match block {
            Block::Heading(depth, text) => writeln!(out, "{} {text}\n", "#".repeat((*depth).into())),
            Block::Paragraph(text) => writeln!(out, "{text}\n"),
            Block::Warning(text) => writeln!(out, "> **⚠** {text}\n"),
            Block::Table { head, rows } => writeln!(out, "{}", table(head, rows)),
            Block::List(items) => {
                let items: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
                writeln!(out, "{}\n", items.join("\n"))
            }
            Block::Picture(file, what) => writeln!(out, "![{what}]({file})\n"),
            Block::Diagram(text) => writeln!(out, "```mermaid\n{text}\n```\n"),
            Block::Code(text) => writeln!(out, "```sh\n{text}\n```\n"),
        };
    }
    out
}

fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut out = row(head);
    out.push('|');
    out.push_str(&"---|".repeat(head.len()));
    out.push('\n');
    out.extend(rows.iter().map(|cells| row(cells)));
    out
}
