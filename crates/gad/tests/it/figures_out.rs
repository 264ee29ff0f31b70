//! Figures of a test that runs as an acceptance check.

use std::io::Write;

/// Appends an object to the file that `GAD_ACCEPTANCE_OUT` names, if it does.
pub fn append(figures: &serde_json::Value) {
    let Some(path) = std::env::var_os("GAD_ACCEPTANCE_OUT") else { return };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    writeln!(file, "{figures}").unwrap();
}
