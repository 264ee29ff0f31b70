//! No type that holds a secret derives `Debug`, which would write it into logs and panics.
#![expect(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")]

use std::path::{Path, PathBuf};

/// Names of fields and types that hold secrets, or parts of such names.
const SECRET: [&str; 9] =
    ["token", "secret", "password", "credential", "passphrase", "cookie", "_key", "database_url", "redis_url"];
/// Types whose `Debug` shows what they hold.
const PLAIN: [&str; 6] = ["String", "Vec<u8>", "[u8", "Url", "Box<str>", "Zeroizing"];

/// Type and field that only look like secrets, and why they are none.
const NONE: &[(&str, &str, &str)] = &[("NewMessage", "unique_key", "names a message so that it is queued once")];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Name and fields (name and type) of each structure that derives `Debug`.
fn structures(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    for piece in text.split("#[derive(").skip(1) {
        let Some((derived, rest)) = piece.split_once(")]") else { continue };
        if !derived.split(',').any(|name| name.trim() == "Debug") {
            continue;
        }
        // Up to the next item, attributes aside.
        let lines = rest.lines().map(str::trim);
        let mut lines = lines.skip_while(|line| line.is_empty() || line.starts_with("#[") || line.starts_with("//"));
        let Some((_, head)) = lines.next().and_then(|line| line.split_once("struct ")) else { continue };
        let name: String = head.chars().take_while(|c| c.is_alphanumeric()).collect();
        let mut fields = Vec::new();
        if let Some((_, inside)) = head.split_once('(') {
            fields.push((name.to_lowercase(), inside.to_owned()));
        }
        if head.ends_with('{') {
            for line in lines.take_while(|line| !line.starts_with('}')) {
                if let Some((field, kind)) = line.split_once(": ")
                    && !line.starts_with("//")
                {
                    let field = field.rsplit(' ').next().unwrap_or_default();
                    fields.push((field.to_owned(), kind.to_owned()));
                }
            }
        }
        found.push((name, fields));
    }
    found
}

#[test]
fn no_type_with_a_secret_derives_debug() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("crates");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(crates).unwrap() {
        sources(&entry.unwrap().path().join("src"), &mut files);
    }
    let mut wrong = Vec::new();
    for file in files {
        for (name, fields) in structures(&std::fs::read_to_string(&file).unwrap()) {
            for (field, kind) in fields {
                let is_secret = SECRET.iter().any(|word| field.contains(word));
                let is_plain = PLAIN.iter().any(|plain| kind.contains(plain));
                let is_listed = NONE.iter().any(|(of, known, _)| *of == name && *known == field);
                if is_secret && is_plain && !is_listed {
                    wrong.push(format!("{}: {name}.{field}: {kind}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "hold a secret and derive Debug:\n{}", wrong.join("\n"));
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let text = "#[derive(Debug, Clone)]\n#[serde(x)]\npub struct Asked {\n    /// One.\n    pub token: Option<String>,\n}\n\
        #[derive(Clone)]\nstruct Quiet {\n    token: String,\n}\n#[derive(Debug)]\npub struct Secret(String);\n";
    let found = structures(text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], ("Asked".to_owned(), vec![("token".to_owned(), "Option<String>,".to_owned())]));
    assert_eq!(found[1].1[0].0, "secret");
}
