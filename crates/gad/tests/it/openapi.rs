//! The OpenAPI document in the repository is the one of the code.

/// `cargo xtask openapi` writes it anew.
#[test]
fn the_document_in_the_repository_is_the_one_of_the_code() {
    let document = api::openapi().to_pretty_json().unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stored.trim_end() == document.trim_end(), "docs/openapi.json is not current: run `cargo xtask openapi`");
}
