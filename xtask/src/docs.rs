//! `cargo xtask docs`: the documents that the code writes.

use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::shell::{output, root, tested_gad};

/// What to do with them.
#[derive(Args)]
pub struct Options {
    /// Only say whether they are current.
    #[arg(long)]
    check: bool,
}

/// Each document, and the command of gad that prints it.
const DOCUMENTS: [(&str, &[&str]); 3] = [
    ("docs/openapi.json", &["openapi"]),
    ("docs/asyncapi.json", &["asyncapi"]),
    ("docs/configuration.md", &["config", "reference"]),
];

/// Writes or checks the documents.
pub fn docs(options: &Options) -> Result<()> {
    if options.check {
        return check();
    }
    for (file, command) in DOCUMENTS {
        std::fs::write(root().join(file), document(command)?)?;
        println!("{file} written");
    }
    Ok(())
}

/// Holds the documents in the repository against the code.
pub fn check() -> Result<()> {
    for (file, command) in DOCUMENTS {
        let stored = std::fs::read(root().join(file)).unwrap_or_default();
        if stored != document(command)? {
            bail!("{file} is not current: run `cargo xtask docs`");
        }
    }
    Ok(())
}

fn document(command: &[&str]) -> Result<Vec<u8>> {
    // In a directory without settings, so that nobody's own ones come into the document.
    let nowhere = tempfile::tempdir()?;
    Ok(output(Command::new(tested_gad()?).args(command).current_dir(nowhere.path()))?.stdout)
}
