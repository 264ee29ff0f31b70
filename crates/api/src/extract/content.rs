//! Which content types and codings of bodies are read, and which a client takes.

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};

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

/// Whether a header such as `Accept` names `value` (RFC 9110 §12.5), and not with the weight 0.
pub fn accepts(headers: &HeaderMap, name: HeaderName, value: &str) -> bool {
    let ranges = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    ranges.flat_map(|line| line.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(value));
        let mut parameters = parts.filter_map(|part| part.split_once('='));
        let weight = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
        is_named && weight.is_none_or(|(_, weight)| weight.trim().parse::<f32>().is_ok_and(|weight| weight > 0.0))
    })
}

fn unsupported(detail: &str) -> ApiError {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail).into()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::ACCEPT_ENCODING;

    use super::*;

    #[test]
    fn an_encoding_is_taken_by_its_name_unless_it_is_refused() {
        let asks = |value: &'static str| {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            (accepts(&headers, ACCEPT_ENCODING, "br"), accepts(&headers, ACCEPT_ENCODING, "gzip"))
        };
        assert_eq!(asks("gzip, deflate, br, zstd"), (true, true));
        assert_eq!(asks("br;q=0, GZIP;q=0.5"), (false, true));
        assert_eq!(asks("identity, brotli"), (false, false));
        assert_eq!(asks("br; Q=0.001, gzip ;q = 0.0"), (true, false));
        assert!(!accepts(&HeaderMap::new(), ACCEPT_ENCODING, "br"));
    }
}
