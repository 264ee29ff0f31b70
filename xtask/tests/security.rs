//! SECURITY.md points at what shows each of its lines; what it points at is there.
#![expect(clippy::unwrap_used, reason = "a test that cannot read the repository has failed")]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Quoted words of the page that name a file, maybe with `::` and a test or item in it.
fn pointers(page: &str) -> Vec<(&str, Option<&str>)> {
    let quoted = page.split('`').skip(1).step_by(2);
    let is_path = |word: &str| word.contains('/') && !word.contains([' ', '{', '*']) && !word.starts_with('/');
    quoted
        .filter(|word| is_path(word))
        .map(|word| word.split_once("::").map_or((word, None), |(file, item)| (file, Some(item))))
        .collect()
}

#[test]
fn every_file_and_test_that_the_page_names_is_there() {
    let page = std::fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let pointers = pointers(&page);
    assert!(pointers.len() > 50, "the page was not read: {pointers:?}");
    let mut wrong = Vec::new();
    for (file, item) in &pointers {
        let path = root().join(file);
        if !path.exists() {
            wrong.push(format!("{file} is not there"));
            continue;
        }
        let Some(item) = item else { continue };
        let text = std::fs::read_to_string(&path).unwrap();
        if !text.contains(&format!("fn {item}(")) && !text.contains(&format!(" {item} ")) {
            wrong.push(format!("{file} has no {item}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A row of a table of measures says what shows it, or that nothing does.
#[test]
fn every_measure_is_shown_or_said_not_to_be() {
    let page = std::fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let mut rows = 0;
    let mut wrong = Vec::new();
    for part in ["## NIST SP 800-53", "## OWASP ASVS", "## Threats"] {
        let text = page.split(part).nth(1).unwrap_or_else(|| panic!("no part {part}"));
        let text = text.split("\n## ").next().unwrap();
        for line in text.lines().filter(|line| line.starts_with("| ")).skip(1) {
            rows += 1;
            let last = line.trim_end_matches(" |").rsplit(" | ").next().unwrap();
            if !last.contains('`') && !last.contains("nothing to show") {
                wrong.push(line.to_owned());
            }
        }
    }
    assert!(rows > 50, "the tables were not read: {rows} rows");
    assert!(wrong.is_empty(), "neither shown nor said not to be: {wrong:#?}");
}
