//! `gad openapi`.

use anyhow::Result;

use crate::out;

/// Prints the OpenAPI document.
pub fn openapi() -> Result<()> {
    let mut document = api::openapi().to_pretty_json()?;
    document.push('\n');
    out::document(document)
}
