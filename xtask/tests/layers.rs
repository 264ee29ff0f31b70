//! Who may use whom, as data. A crate without a row fails.

use cargo_metadata::{DependencyKind, MetadataCommand};

const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("resilience", &[]),
    ("store", &["domain"]),
    ("store-sqlite", &["store", "domain", "resilience"]),
    ("store-pg", &["store", "domain", "resilience"]),
    ("bus", &["domain", "resilience"]),
    ("app", &["domain", "store", "bus", "resilience"]),
    // Filters, pages and broken rules are the store's words; the API shows them, and asks no store.
    ("api", &["app", "domain", "bus", "resilience", "store"]),
    // Keeps its inbox, dialogues and messages itself.
    ("bot", &["app", "domain", "bus", "resilience", "store"]),
    // Sees gad as its clients do.
    ("evaluation", &["app", "domain", "resilience"]),
    ("gad", &["app", "bot", "domain", "evaluation", "store", "store-sqlite", "store-pg", "bus", "api", "resilience"]),
    ("xtask", &[]),
];

#[test]
fn every_crate_uses_only_layers_below_it() {
    for package in MetadataCommand::new().no_deps().exec().unwrap().workspace_packages() {
        let name = package.name.as_str();
        let (_, below) = LAYERS.iter().find(|(layer, _)| *layer == name).unwrap_or_else(|| panic!("{name} has no row"));
        for dependency in &package.dependencies {
            if dependency.path.is_some() && dependency.kind == DependencyKind::Normal {
                assert!(below.contains(&dependency.name.as_str()), "{name} may not use {}", dependency.name);
            }
        }
    }
}

#[test]
fn no_source_file_is_a_monster() {
    const MOST_LINES: usize = 400;
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let mut folders: Vec<_> =
        metadata.workspace_packages().iter().map(|p| p.manifest_path.parent().unwrap().join("src")).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = cargo_metadata::camino::Utf8PathBuf::try_from(entry.unwrap().path()).unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some("rs") {
                let lines = std::fs::read_to_string(&path).unwrap().lines().count();
                assert!(lines <= MOST_LINES, "{path} has {lines} lines: look for the second noun");
            }
        }
    }
}
