//! Steps with a name, a sign of life, and a table at the end.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use anyhow::Result;

use comfy_table::{Cell, Color, Table};
use indicatif::ProgressBar;

/// What became of one step.
pub struct Step {
    name: &'static str,
    took: Duration,
    passed: u64,
    failed: u64,
}

/// All steps so far.
#[derive(Default)]
pub struct Progress(Vec<Step>);

/// What a step counted: tests, or itself.
pub struct Counted {
    /// How many passed.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
    /// What to show when some failed.
    pub output: String,
}

impl Progress {
    /// Does one step. What it printed is shown only when it failed.
    pub fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<Counted>) {
        let start = Instant::now();
        let bar = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new_spinner().with_message(name);
            bar.enable_steady_tick(Duration::from_millis(100));
            Some(bar)
        } else {
            eprintln!("… {name}");
            None
        };
        let counted = work().unwrap_or_else(|error| Counted { passed: 0, failed: 1, output: format!("{error:#}") });
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        let took = start.elapsed();
        let mark = if counted.failed == 0 { "✓" } else { "✗" };
        eprintln!("{mark} {name} ({:.1} s)", took.as_secs_f64());
        if counted.failed > 0 {
            eprintln!("{}", counted.output);
        }
        self.0.push(Step { name, took, passed: counted.passed, failed: counted.failed });
    }

    /// Prints the table and the closing line; whether all passed.
    pub fn close(self) -> bool {
        let mut table = Table::new();
        table.set_header(["step", "passed", "failed", "seconds"]);
        for step in &self.0 {
            let color = if step.failed == 0 { Color::Green } else { Color::Red };
            table.add_row([
                Cell::new(step.name).fg(color),
                Cell::new(step.passed),
                Cell::new(step.failed),
                Cell::new(format!("{:.1}", step.took.as_secs_f64())),
            ]);
        }
        let passed: u64 = self.0.iter().map(|step| step.passed).sum();
        let failed: u64 = self.0.iter().map(|step| step.failed).sum();
        println!("{table}\n{passed} passed, {failed} failed");
        failed == 0
    }
}
