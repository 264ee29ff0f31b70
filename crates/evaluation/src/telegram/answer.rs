//! What Telegram answers.

use serde_json::{Value, json};

/// A call that is not carried out.
#[derive(Debug, Clone)]
pub struct Refused {
    /// HTTP status, also in the body.
    pub code: u16,
    /// Telegram's words.
    pub description: String,
    /// Seconds to keep quiet, with a 429.
    pub retry_after: Option<u64>,
}

impl Refused {
    /// 400 with the words after "Bad Request: ".
    pub fn bad(words: impl AsRef<str>) -> Self {
        Self { code: 400, description: format!("Bad Request: {}", words.as_ref()), retry_after: None }
    }

    /// 403 with the words after "Forbidden: ".
    pub fn forbidden(words: &str) -> Self {
        Self { code: 403, description: format!("Forbidden: {words}"), retry_after: None }
    }

    /// 409 with the words after "Conflict: ".
    pub fn conflict(words: &str) -> Self {
        Self { code: 409, description: format!("Conflict: {words}"), retry_after: None }
    }

    /// 429.
    pub fn too_many(retry_after: u64) -> Self {
        let description = format!("Too Many Requests: retry after {retry_after}");
        Self { code: 429, description, retry_after: Some(retry_after) }
    }

    /// Some other status.
    pub fn other(code: u16, description: &str) -> Self {
        Self { code, description: description.to_owned(), retry_after: None }
    }

    /// The body.
    pub fn body(&self) -> Value {
        let mut body = json!({ "ok": false, "error_code": self.code, "description": self.description });
        if let Some(seconds) = self.retry_after {
            body["parameters"] = json!({ "retry_after": seconds });
        }
        body
    }
}

/// How a method ends.
pub type Outcome = Result<Value, Refused>;
