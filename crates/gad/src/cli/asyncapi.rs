//! `gad asyncapi`.

use std::io::Write;

use anyhow::Result;

/// Prints the `AsyncAPI` document.
pub fn asyncapi() -> Result<()> {
    let mut document = serde_json::to_string_pretty(&api::asyncapi())?;
    document.push('\n');
    Ok(std::io::stdout().write_all(document.as_bytes())?)
}
