//! `gad asyncapi`.

use anyhow::Result;

use crate::out;

/// Prints the `AsyncAPI` document.
pub fn asyncapi() -> Result<()> {
    let mut document = serde_json::to_string_pretty(&api::asyncapi())?;
    document.push('\n');
    out::document(document)
}
