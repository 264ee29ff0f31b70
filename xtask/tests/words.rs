//! What no file of the repository may hold.

use std::path::Path;
use std::process::Command;

/// A forbidden text, in two parts so that this file does not hold it; whether it counts in Rust
/// only; and why.
const FORBIDDEN: &[(&str, &str, bool, &str)] = &[
    ("/wo", "rk/", false, "a path of some machine"),
    ("/ro", "ot/", false, "a path of some machine"),
    ("/ho", "me/", false, "a path of some machine"),
    ("/Us", "ers/", false, "a path of some machine"),
    ("crates", ".io", false, "a host of a registry: who builds here may have another"),
    ("static.rust-", "lang.org", false, "a host of a registry"),
    ("pypi", ".org", false, "a host of a registry"),
    ("pythonhosted", ".org", false, "a host of a registry"),
    ("npmjs", ".org", false, "a host of a registry"),
    ("npmjs", ".com", false, "a host of a registry"),
    ("deb.debian", ".org", false, "a host of a registry"),
    ("proxy.golang", ".org", false, "a host of a registry"),
    ("TO", "DO", false, "do it, or write down why not"),
    ("FIX", "ME", false, "do it, or write down why not"),
    ("todo", "!(", true, "do it"),
    ("unimplemented", "!(", true, "do it"),
    ("#[ign", "ore", true, "a test that does not run proves nothing"),
    ("#[should_", "panic", true, "say what the failure is"),
    ("#[al", "low(", true, "expect it, with a reason"),
];

/// Files that somebody else writes: cargo names its registry in the lock.
const WRITTEN_BY_TOOLS: &[&str] = &["Cargo.lock"];

#[test]
fn no_file_holds_what_belongs_to_a_machine_or_is_not_done() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    // New files too, so that a defect shows before it is committed.
    let listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(listed).current_dir(root).output().unwrap();
    assert!(output.status.success(), "the test needs git: {}", String::from_utf8_lossy(&output.stderr));
    let (mut wrong, mut read) = (Vec::new(), 0);
    for name in String::from_utf8(output.stdout).unwrap().split_terminator('\0') {
        // Pictures and the like hold no words; what was deleted and not yet committed holds nothing.
        let Ok(text) = std::fs::read_to_string(root.join(name)) else { continue };
        if WRITTEN_BY_TOOLS.contains(&name) {
            continue;
        }
        read += 1;
        let is_rust = Path::new(name).extension().is_some_and(|ending| ending == "rs");
        for (begin, end, only_rust, why) in FORBIDDEN {
            let forbidden = format!("{begin}{end}");
            for (number, line) in text.lines().enumerate() {
                if (is_rust || !only_rust) && line.contains(&forbidden) {
                    wrong.push(format!("{name}:{}: {forbidden}: {why}", number + 1));
                }
            }
        }
    }
    assert!(read > 100, "only {read} files were read");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
