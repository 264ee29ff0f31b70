//! Bodies: JSON, and the form of sign-in.

use std::time::Instant;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use resilience::Spent;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::rejection::field_error;
use crate::error::ApiError;
use crate::problem::{FieldError, Problem};
use crate::serve::Unread;

/// A JSON body. As a response, JSON too.
pub struct Json<T>(pub T);

/// A JSON body that may be left out.
pub struct OptionalJson<T>(pub Option<T>);

/// A form body (`application/x-www-form-urlencoded`).
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = body(request, state).await?;
        if bytes.is_empty() {
            return Err(invalid("missing", "Field required: the body is empty"));
        }
        parse(&bytes).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = body(request, state).await?;
        if bytes.trim_ascii().is_empty() { Ok(Self(None)) } else { parse(&bytes).map(Self) }
    }
}

fn parse<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, ApiError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let inner = error.inner();
        if inner.is_syntax() || inner.is_eof() {
            return invalid("json_invalid", format!("JSON decode error: {inner}"));
        }
        let whole: Value = serde_json::from_slice(bytes).unwrap_or(Value::Null);
        let given = |way: &[Value]| look_up(&whole, way);
        Problem::invalid(vec![field_error("body", error.path(), &inner.to_string(), given)]).into()
    })?;
    // In JSON it can stand as an escape only; one store would keep it and the other not.
    if bytes.windows(6).any(|six| six == br"\u0000")
        && serde_json::from_slice(bytes).is_ok_and(|whole: Value| holds_nul(&whole))
    {
        return Err(invalid("value_error", "must not contain the character NUL"));
    }
    deserializer.end().map_err(|error| invalid("json_invalid", format!("JSON decode error: {error}")))?;
    Ok(value)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let begun = Instant::now();
        let response = axum::Json(self.0).into_response();
        Spent::note_encode(begun.elapsed());
        response
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        if !is_form {
            let msg = "must be application/x-www-form-urlencoded";
            return Err(Problem::invalid(vec![FieldError::new(
                "value_error",
                "header",
                "Content-Type",
                msg,
                Value::Null,
            )])
            .into());
        }
        let bytes = body(request, state).await?;
        let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(&bytes));
        serde_path_to_error::deserialize(deserializer).map(Self).map_err(|error| {
            let message = error.inner().to_string();
            Problem::invalid(vec![field_error("body", error.path(), &message, |_| Value::Null)]).into()
        })
    }
}

async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state).await.map_err(|rejection| unreadable(rejection).into())
}

/// Why a body could not be read.
pub fn unreadable(rejection: BytesRejection) -> Problem {
    match Unread::of(&rejection) {
        Some(Unread::TooSlow) => {
            return Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", "The body came too slowly");
        }
        Some(Unread::TooMany) => {
            let detail = "Too many bodies of this address are waited for";
            let many = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_bodies", detail);
            return Problem { retry_after: Some(1), ..many };
        }
        None => {}
    }
    match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Problem::new(StatusCode::BAD_REQUEST, "bad_body", "The body could not be read"),
    }
}

/// 413 of the contract.
pub fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "Request body too large")
}

fn invalid(kind: &str, msg: impl Into<String>) -> ApiError {
    let error = FieldError { kind: kind.to_owned(), loc: vec!["body".into()], msg: msg.into(), input: Value::Null };
    Problem::invalid(vec![error]).into()
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn look_up(whole: &Value, way: &[Value]) -> Value {
    let mut at = whole;
    for step in way {
        let next = match step {
            Value::String(name) => at.get(name),
            Value::Number(index) => {
                index.as_u64().and_then(|index| usize::try_from(index).ok()).and_then(|index| at.get(index))
            }
            _ => None,
        };
        match next {
            Some(value) => at = value,
            None => return Value::Null,
        }
    }
    at.clone()
}
