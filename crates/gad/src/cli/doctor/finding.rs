//! What was found, and how it is shown.

use anyhow::{Result, bail};
use comfy_table::Color;

use crate::out::{self, Rows, cell};

/// How a thing was found; the worse, the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Well,
    /// Not broken yet.
    Warning,
    /// Needs somebody now.
    Broken,
}

impl Verdict {
    /// As a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Well => "ok",
            Self::Warning => "warning",
            Self::Broken => "broken",
        }
    }

    /// As a colour, which is seen on a terminal only.
    pub const fn color(self) -> Color {
        match self {
            Self::Well => Color::Green,
            Self::Warning => Color::Yellow,
            Self::Broken => Color::Red,
        }
    }
}

struct Finding {
    what: &'static str,
    verdict: Verdict,
    /// What was seen and, unless it is well, what to do.
    said: String,
}

/// All that was found.
#[derive(Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// One more.
    pub fn note(&mut self, what: &'static str, verdict: Verdict, said: impl Into<String>) {
        self.0.push(Finding { what, verdict, said: said.into() });
    }

    /// What is wrong comes first, the worst before all.
    pub fn worst_first(&mut self) {
        self.0.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    }

    /// Prints all: as a table, or as JSON for scripts.
    pub fn print(&self, json: bool) -> Result<()> {
        if json {
            for finding in &self.0 {
                let (what, verdict, said) = (finding.what, finding.verdict.word(), &finding.said);
                out::document(format_args!(
                    "{}\n",
                    serde_json::json!({ "what": what, "verdict": verdict, "seen": said })
                ))?;
            }
            return Ok(());
        }
        let mut table = Rows::new(["what", "verdict", "seen"]);
        for Finding { what, verdict, said } in &self.0 {
            table.add_cells([cell(what), cell(verdict.word()).fg(verdict.color()), cell(said)]);
        }
        out::document(format_args!("{table}\n"))
    }

    /// # Errors
    /// When something is broken.
    pub fn outcome(&self) -> Result<()> {
        let broken = self.0.iter().filter(|finding| finding.verdict == Verdict::Broken).count();
        if broken > 0 {
            bail!("{broken} thing(s) are broken");
        }
        Ok(())
    }
}
