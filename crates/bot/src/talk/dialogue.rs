//! Where a conversation stands.

use serde::{Deserialize, Serialize};

/// Where a conversation stands; kept as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "dialogo", rename_all = "snake_case")]
pub enum Dialogue {
    /// Waits for the code that links an account.
    Linking,
}
