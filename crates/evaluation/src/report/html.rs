//! A report as one page that needs nothing else: style and pictures are in it, and no script.

use std::fmt::Write as _;

use super::document::{Block, Document};
use crate::text::Language;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1b2430;--soft:#4d5866;--rule:#d9e0e8;--back:#fff;--tile:#f3f6f9}\
@media(prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#aab4c0;--rule:#39424e;--back:#14191f;--tile:#1e252d}}\
body{font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:64rem;margin:0 auto;padding:2rem 1rem}\
h2{margin-top:2.5rem;border-bottom:1px solid var(--rule)}table{border-collapse:collapse;width:100%;margin:1rem 0;display:block;overflow-x:auto}\
th,td{border:1px solid var(--rule);padding:.35rem .6rem;text-align:left;vertical-align:top}th{background:var(--tile)}\
pre{background:var(--tile);padding:1rem;overflow-x:auto}code{background:var(--tile);padding:0 .2em}\
.warning{border-left:4px solid #d55e00;background:var(--tile);padding:.6rem 1rem}\
figure{margin:1rem 0;background:#fff}figure svg{max-width:100%;height:auto}\
td.good{border-left:4px solid #009e73}td.partly{border-left:4px solid #e69f00}td.bad{border-left:4px solid #d55e00}td.none{border-left:4px solid #8a929c}";

/// The whole page; `pictures` are files and what is in them.
pub fn render(document: &Document, pictures: &[(String, String)], language: Language) -> String {
    let title = document.0.iter().find_map(|block| match block {
        Block::Heading(1, text) => Some(text.as_str()),
        _ => None,
    });
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>{STYLE}</style>\n",
        language.say("es", "en"),
        escaped(title.unwrap_or_default())
    );
    for block in &document.0 {
        // Writing to a String cannot fail.
        let _ = match block {
            Block::Heading(depth, text) => writeln!(out, "<h{depth}>{}</h{depth}>", inline(text)),
            Block::Paragraph(text) => writeln!(out, "<p>{}</p>", inline(text)),
            Block::Warning(text) => writeln!(out, "<p class=\"warning\">{}</p>", inline(text)),
            Block::Table { head, rows } => writeln!(out, "{}", table(head, rows)),
            Block::List(items) => {
                let items: String = within(items, "li");
                writeln!(out, "<ul>{items}</ul>")
            }
            Block::Picture(file, what) => match pictures.iter().find(|(name, _)| name == file) {
                Some((_, svg)) => writeln!(out, "<figure>{svg}</figure>"),
                None => writeln!(out, "<p>{}</p>", inline(what)),
            },
            Block::Diagram(text) | Block::Code(text) => writeln!(out, "<pre>{}</pre>", escaped(text)),
        };
    }
    out.push_str("</html>\n");
    out
}

fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let head: String = within(head, "th");
    let cell = |cell: &String| {
        let class = match cell.chars().next() {
            Some('✔') => " class=\"good\"",
            Some('◐') => " class=\"partly\"",
            Some('✘') => " class=\"bad\"",
            Some('○') => " class=\"none\"",
            _ => "",
        };
        format!("<td{class}>{}</td>", inline(cell))
    };
    let rows: String = rows
        .iter()
        .flat_map(|row| {
            let cells: Vec<String> = row.iter().map(cell).collect();
            ["<tr>".to_owned(), cells.concat(), "</tr>\n".to_owned()]
        })
        .collect();
    format!("<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>")
}

/// Each text within an element of its own.
fn within(texts: &[String], element: &str) -> String {
    texts.iter().flat_map(|text| [format!("<{element}>"), inline(text), format!("</{element}>")]).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Marks of code and of strong words as elements.
fn inline(text: &str) -> String {
    let paired = |text: String, mark: &str, element: &str| {
        let mut parts = text.split(mark);
        let mut out = parts.next().unwrap_or_default().to_owned();
        let rest: Vec<&str> = parts.collect();
        for pair in rest.chunks(2) {
            match pair {
                [inside, after] => {
                    let _ = write!(out, "<{element}>{inside}</{element}>{after}");
                }
                alone => {
                    let _ = write!(out, "{mark}{}", alone.concat());
                }
            }
        }
        out
    };
    paired(paired(escaped(text), "**", "strong"), "`", "code")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_and_nothing_else_does() {
        assert_eq!(inline("a **b** `<c>` 2 * 3"), "a <strong>b</strong> <code>&lt;c&gt;</code> 2 * 3");
        assert_eq!(inline("one ` alone"), "one ` alone");
    }
}
