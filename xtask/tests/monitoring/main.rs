//! `deploy/` and the runbook fit each other and what gad exports: alert rules, the cases that prove
//! them, routing, dashboards. That the cases hold is promtool's to say: `cargo xtask test`.
#![expect(clippy::unwrap_used, reason = "a test that cannot read the repository has failed")]

mod alerts;
mod dashboard;
mod dashboards;
mod figures;
mod promql;
mod rules;
mod runbook;

use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The text of a file of the repository.
fn text(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Files of a folder with this ending, in order, by their path in the repository.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|entry| Path::new(folder).join(entry.unwrap().file_name()));
    let mut names: Vec<_> = names.filter(|path| path.extension().is_some_and(|end| end == ending)).collect();
    names.sort();
    names
}
