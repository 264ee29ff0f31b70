//! docs/data.md names every table of the migrations, and no table that is not there.
#![expect(clippy::unwrap_used, reason = "a test that cannot read the repository has failed")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Tables that the migrations of one store make.
fn tables(store: &str) -> BTreeSet<String> {
    let folder = root().join("crates").join(store).join("migrations");
    let mut tables = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let sql = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in sql.lines() {
            let rest = line.strip_prefix("CREATE TABLE ").or_else(|| line.strip_prefix("CREATE VIRTUAL TABLE "));
            tables.extend(rest.and_then(|rest| rest.split([' ', '(']).next()).map(str::to_owned));
        }
    }
    tables
}

/// Tables that the page has a row for.
fn described() -> BTreeSet<String> {
    let page = std::fs::read_to_string(root().join("docs/data.md")).unwrap();
    let part = page.split("\n## ").find(|part| part.starts_with("Tables\n")).unwrap();
    part.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).map(str::to_owned).collect()
}

#[test]
fn every_table_of_both_stores_has_its_row_and_every_row_its_table() {
    let made: BTreeSet<_> = tables("store-sqlite").union(&tables("store-pg")).cloned().collect();
    assert!(made.len() > 10, "the migrations were not read: {made:?}");
    assert_eq!(described(), made);
}
