//! The names of the OpenAPI document and those of GLOSSARY.md are the same.
//!
//! A name needs a row of the table, unless it is made of the English words at the page's end. So
//! whoever adds a name decides which language it is, and a Spanish one cannot slip in unexplained.
#![expect(clippy::unwrap_used, reason = "a test that cannot read the repository has failed")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Properties, parameters and words of enumerations, wherever they stand in the document.
fn names(at: &Value, found: &mut BTreeSet<String>) {
    match at {
        Value::Object(fields) => {
            if let Some(Value::Object(properties)) = fields.get("properties") {
                found.extend(properties.keys().cloned());
            }
            if let Some(Value::Array(words)) = fields.get("enum") {
                found.extend(words.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            for parameter in fields.get("parameters").and_then(Value::as_array).into_iter().flatten() {
                found.extend(parameter["name"].as_str().map(str::to_owned));
            }
            // An example shows values, and names that other schemas declare.
            fields.iter().filter(|(name, _)| *name != "example").for_each(|(_, inner)| names(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}

/// The wire names of the table, and the English words below it.
fn glossary() -> (BTreeSet<String>, BTreeSet<String>) {
    let page = std::fs::read_to_string(root().join("GLOSSARY.md")).unwrap();
    let (table, english) = page.split_once("\n## English on the wire\n").unwrap();
    let wire = table.lines().filter(|line| line.starts_with('|')).filter_map(|line| line.split('|').nth(2));
    let rows = wire.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    let words = english.trim().lines().last().unwrap().split_whitespace().map(str::to_owned).collect();
    (rows, words)
}

/// The words of a name: `deleted_keys`, `Idempotency-Key` and `IN_PROGRESS` have two.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(['_', '-']).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[test]
fn every_name_on_the_wire_is_explained_or_english() {
    let document = std::fs::read(root().join("docs/openapi.json")).unwrap();
    let mut wire = BTreeSet::new();
    names(&serde_json::from_slice(&document).unwrap(), &mut wire);
    assert!(wire.len() > 200, "the document was not read: {wire:?}");
    let (rows, english) = glossary();
    let unexplained: Vec<_> =
        wire.iter().filter(|name| !rows.contains(*name) && !words(name).all(|word| english.contains(&word))).collect();
    assert!(unexplained.is_empty(), "no row in GLOSSARY.md, nor English by its list: {unexplained:?}");

    // Words of people, of the record and of the bot have rows too; these are for the reader to judge.
    let only_there: Vec<_> = rows.difference(&wire).collect();
    println!("in GLOSSARY.md and not in the document: {only_there:?}");
    let spoken: BTreeSet<_> = wire.iter().filter(|name| !rows.contains(*name)).flat_map(|name| words(name)).collect();
    let unused: Vec<_> = english.difference(&spoken).collect();
    assert!(unused.is_empty(), "English words that no name needs any more: {unused:?}");
}
