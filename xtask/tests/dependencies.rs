//! What others wrote: from where it comes, under which licences, and that there is one place to
//! look for flaws in cryptography (docs/decisions/0017-what-others-wrote.md).
#![expect(clippy::unwrap_used, reason = "a test that cannot read the repository has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{Metadata, MetadataCommand, Package};

/// Licences that ask for no more than to be named.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Each would be a second implementation of what `ring` does for TLS. What other systems bring
/// (`schannel`, `security-framework`) is locked too, and not built for ours.
const OTHER_PROVIDERS: &[&str] =
    &["aws-lc-rs", "aws-lc-sys", "boring", "graviola", "native-tls", "openssl", "openssl-sys"];

fn metadata() -> Metadata {
    // As it is locked: a test must not change what is built.
    MetadataCommand::new().other_options(["--locked".to_owned()]).exec().unwrap()
}

fn others(metadata: &Metadata) -> impl Iterator<Item = &Package> {
    metadata.packages.iter().filter(|package| package.source.is_some())
}

/// Whether an SPDX expression can be met by what is allowed. Of words joined by OR one will do; AND
/// binds tighter; a slash is an old OR.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (allowed, rest) = either(&words);
    allowed && rest.is_empty()
}

fn either<'a>(words: &'a [&'a str]) -> (bool, &'a [&'a str]) {
    let (mut allowed, mut rest) = both(words);
    while let Some(("OR", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        let (next, after) = both(after);
        (allowed, rest) = (allowed || next, after);
    }
    (allowed, rest)
}

fn both<'a>(words: &'a [&'a str]) -> (bool, &'a [&'a str]) {
    let (mut allowed, mut rest) = one(words);
    while let Some(("AND", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        let (next, after) = one(after);
        (allowed, rest) = (allowed && next, after);
    }
    (allowed, rest)
}

fn one<'a>(words: &'a [&'a str]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", inner @ ..] => {
            let (allowed, rest) = either(inner);
            match rest {
                [")", rest @ ..] => (allowed, rest),
                _ => (false, rest),
            }
        }
        [name, "WITH", exception, rest @ ..] => (LICENCES.contains(&format!("{name} WITH {exception}").as_str()), rest),
        [name, rest @ ..] => (LICENCES.contains(name), rest),
        [] => (false, words),
    }
}

#[test]
fn expressions_of_licences_are_understood() {
    for good in ["MIT", "MIT/Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0", "GPL-3.0 OR MIT", "MIT AND ISC"] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND AGPL-3.0", "MPL-2.0", "", "(MIT", "MIT ISC"] {
        assert!(!is_allowed(bad), "{bad}");
    }
}

#[test]
fn all_others_come_from_the_registry_with_a_checksum_and_a_licence_that_we_may_use() {
    let metadata = metadata();
    let lock = std::fs::read_to_string(metadata.workspace_root.join("Cargo.lock")).unwrap();
    let locked: BTreeSet<&str> = lock.split("[[package]]").filter(|entry| entry.contains("\nchecksum = \"")).collect();
    let mut wrong = Vec::new();
    let mut count = 0;
    for package in others(&metadata) {
        count += 1;
        let name = format!("{} {}", package.name, package.version);
        if !package.source.as_ref().unwrap().repr.starts_with("registry+") {
            wrong.push(format!("{name} comes from {}", package.source.as_ref().unwrap().repr));
        }
        let (name_line, version_line) =
            (format!("name = \"{}\"\n", package.name), format!("version = \"{}\"\n", package.version));
        if !locked.iter().any(|entry| entry.contains(&name_line) && entry.contains(&version_line)) {
            wrong.push(format!("{name} has no checksum in Cargo.lock"));
        }
        let licence = package.license.as_deref().unwrap_or_default();
        if !is_allowed(licence) {
            wrong.push(format!("{name} has the licence {licence:?}"));
        }
    }
    println!("{count} packages of others");
    assert!(count > 100, "the packages were not read");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn there_is_one_provider_of_cryptography_for_tls() {
    let metadata = metadata();
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for package in others(&metadata) {
        versions.entry(package.name.as_str()).or_default().insert(package.version.to_string());
    }
    let second: Vec<_> = OTHER_PROVIDERS.iter().filter(|name| versions.contains_key(**name)).collect();
    assert!(second.is_empty(), "beside ring there is {second:?}");
    for name in ["ring", "rustls", "rustls-webpki", "tokio-rustls"] {
        assert_eq!(versions.get(name).map(BTreeSet::len), Some(1), "versions of {name}: {:?}", versions.get(name));
    }
    // For the reader to judge: each costs time to build and a second look for flaws.
    let doubled: Vec<_> = versions.iter().filter(|(_, versions)| versions.len() > 1).collect();
    println!("in more than one version: {doubled:?}");
}

#[test]
fn unsafe_code_is_forbidden_in_every_crate_of_ours() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let root = std::fs::read_to_string(metadata.workspace_root.join("Cargo.toml")).unwrap();
    assert!(root.contains("unsafe_code = \"forbid\""));
    for package in metadata.workspace_packages() {
        let manifest = std::fs::read_to_string(Path::new(package.manifest_path.as_str())).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} has lints of its own", package.name);
    }
}
