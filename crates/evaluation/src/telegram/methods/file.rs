//! Files that people sent.

use serde_json::{Value, json};

use super::super::answer::Refused;
use super::super::call::Call;
use super::super::state::State;
use super::{Refusal, plain};

/// Largest file that a bot may fetch.
const LARGEST: usize = 20 << 20;

/// `getFile`.
pub fn get(state: &State, call: &Call) -> Result<Value, Refusal> {
    let id = call.text("file_id").unwrap_or_default();
    let content = state
        .files
        .get(id)
        .ok_or_else(|| plain(Refused::bad("wrong file_id or the file is temporarily unavailable")))?;
    if content.len() > LARGEST {
        return Err(plain(Refused::bad("file is too big")));
    }
    let path = format!("photos/{id}.jpg");
    Ok(json!({ "file_id": id, "file_unique_id": &id[8..], "file_size": content.len(), "file_path": path }))
}
