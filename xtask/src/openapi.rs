//! `cargo xtask openapi`: docs/openapi.json from the code.

use anyhow::{Result, bail};
use clap::Args;

use crate::shell::{cargo, output, root};

/// What to do with it.
#[derive(Args)]
pub struct Options {
    /// Only say whether it is current.
    #[arg(long)]
    check: bool,
}

/// Writes or checks the document.
pub fn openapi(options: &Options) -> Result<()> {
    if options.check {
        return check();
    }
    std::fs::write(root().join("docs/openapi.json"), document()?)?;
    println!("docs/openapi.json written");
    Ok(())
}

/// Holds the document in the repository against the code.
pub fn check() -> Result<()> {
    let stored = std::fs::read(root().join("docs/openapi.json")).unwrap_or_default();
    if stored == document()? { Ok(()) } else { bail!("docs/openapi.json is not current: run `cargo xtask openapi`") }
}

fn document() -> Result<Vec<u8>> {
    Ok(output(cargo().args(["run", "--quiet", "--package", "gad", "--", "openapi"]))?.stdout)
}
