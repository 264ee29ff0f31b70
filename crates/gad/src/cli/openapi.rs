//! `gad openapi`.

use std::io::Write;

use anyhow::Result;

/// Prints the OpenAPI document.
pub fn openapi() -> Result<()> {
    let mut document = api::openapi().to_pretty_json()?;
    document.push('\n');
    Ok(std::io::stdout().write_all(document.as_bytes())?)
}
