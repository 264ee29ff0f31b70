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

/// What the bot keeps itself, and where: updates and dialogues, messages, chats and how far notices were
/// read, leases.
const OF_THE_BOT: &[&str] = &["work/", "intake/", "outgoing/", "notices/", "lease.rs"];
/// Of the office: the bot reads and changes it by use cases, which ask policy.
const OF_THE_OFFICE: &[&str] = &[
    ".users()",
    ".officers()",
    ".tasks()",
    ".history()",
    ".notes()",
    ".positions()",
    ".geo()",
    ".dispatch()",
    ".assignments()",
    ".stats()",
    ".reports()",
    ".sessions()",
    ".link_codes()",
    ".audit()",
];

/// The log of a lost message names its reader, in the transaction of the loss.
const EXCEPT: &[(&str, &str)] = &[("outgoing/outcome.rs", ".users()")];

#[test]
fn the_bot_reaches_the_office_by_use_cases_only() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/bot/src");
    let mut folders = vec![root.clone()];
    let (mut wrong, mut looked_at) = (Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("tests") {
                    folders.push(path);
                }
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            if path.extension().is_none_or(|extension| extension != "rs") || name.ends_with("tests.rs") {
                continue;
            }
            looked_at += 1;
            let text: String = std::fs::read_to_string(&path).unwrap().split_whitespace().collect();
            let asks_store = text.contains(".store.read()") || text.contains(".store.write()");
            if asks_store && !OF_THE_BOT.iter().any(|part| name.starts_with(part)) {
                wrong.push(format!("{name} asks the store"));
            }
            let of_office = OF_THE_OFFICE.iter().filter(|repository| text.contains(*repository));
            let of_office = of_office.filter(|repository| !EXCEPT.contains(&(name.as_str(), **repository)));
            wrong.extend(of_office.map(|repository| format!("{name} uses {repository}")));
        }
    }
    assert!(looked_at > 50, "{looked_at}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
