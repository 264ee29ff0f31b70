//! Tests that also run, at full size, as checks of `cargo xtask acceptance`.

use std::ffi::OsString;
use std::io::Write;

/// Where a test that runs as an acceptance check appends its figures.
fn out() -> Option<OsString> {
    std::env::var_os("GAD_ACCEPTANCE_OUT")
}

/// Chooses the size of a test: `long` in an acceptance check, `short` among all tests.
pub fn size<T>(short: T, long: T) -> T {
    if out().is_some() { long } else { short }
}

/// Appends an object to the figures of an acceptance check; does nothing among all tests.
pub fn append(figures: &serde_json::Value) {
    let Some(path) = out() else { return };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    writeln!(file, "{figures}").unwrap();
}
