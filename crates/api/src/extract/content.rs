//! Which content types and codings of bodies are read.

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};

use serde_json::Value;

use crate::error::ApiError;
use crate::problem::{FieldError, Problem};

/// Refuses a body that says that it is no JSON, or that it is compressed. One that says nothing of its type
/// is read as JSON.
///
/// # Errors
/// 415 that says what is read.
pub fn must_be_json(headers: &HeaderMap) -> Result<(), ApiError> {
    must_be_plain(headers)?;
    let is_json =
        |kind: &str| kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"));
    match media_type(headers) {
        Some(kind) if !is_json(&kind) => Err(unsupported("The body must be application/json")),
        _ => Ok(()),
    }
}

/// Refuses a body that is no form: 422, as GRUPO_GAD answers it.
///
/// # Errors
/// 422 that names the header, or 415 for a compressed body.
pub fn must_be_form(headers: &HeaderMap) -> Result<(), ApiError> {
    must_be_plain(headers)?;
    match media_type(headers).as_deref() {
        Some("application/x-www-form-urlencoded") => Ok(()),
        _ => {
            let msg = "must be application/x-www-form-urlencoded";
            let error = FieldError::new("value_error", "header", "Content-Type", msg, Value::Null);
            Err(Problem::invalid(vec![error]).into())
        }
    }
}

fn must_be_plain(headers: &HeaderMap) -> Result<(), ApiError> {
    let is_plain = |coding: &str| matches!(coding.trim().to_ascii_lowercase().as_str(), "" | "identity");
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    let all_plain = codings.all(|value| value.to_str().is_ok_and(|list| list.split(',').all(is_plain)));
    if all_plain { Ok(()) } else { Err(unsupported("The body must not be compressed")) }
}

/// The type without its parameters, in lower case; `None` where nothing is said.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?;
    let kind = value.to_str().unwrap_or("?").split(';').next().unwrap_or_default();
    Some(kind.trim().to_ascii_lowercase())
}

fn unsupported(detail: &str) -> ApiError {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail).into()
}
