//! Bodies: JSON, and the form of sign-in.

use std::time::Instant;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use resilience::Spent;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::content;
use super::faults::{MOST_FAULTS, Needs, merge, read_fields, read_json};
use super::field_fault::FieldFault;
use super::rejection::refusal;
use super::sent::{self, look_up};
use crate::error::ApiError;
use crate::problem::{FieldError, Problem};
use crate::serve::Unread;

/// A JSON body. As a response, JSON too.
pub struct Json<T>(pub T);

/// A JSON body that may be left out.
pub struct OptionalJson<T>(pub Option<T>);

/// A form body (`application/x-www-form-urlencoded`).
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + ToSchema> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        content::must_be_json(request.headers())?;
        let bytes = body(request, state).await?;
        if bytes.is_empty() {
            return Err(invalid("missing", "Field required: the body is empty"));
        }
        read(&bytes).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + ToSchema> FromRequest<S> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let headers = request.headers().clone();
        let bytes = body(request, state).await?;
        if bytes.trim_ascii().is_empty() {
            return Ok(Self(None));
        }
        content::must_be_json(&headers)?;
        read(&bytes).map(|value| Self(Some(value)))
    }
}

/// Reads a JSON body, all of whose wrong fields are named.
fn read<T: DeserializeOwned + ToSchema>(bytes: &Bytes) -> Result<T, ApiError> {
    sent::keep_body(bytes);
    // In JSON it can stand as an escape only; one store would keep it and the other not.
    let may_hold_nul = bytes.windows(6).any(|six| six == br"\u0000");
    // Derived types read a list as the fields of a structure, and an object as a word of an enumeration;
    // `Node` does not. A flat object holds neither.
    let is_flat = bytes.trim_ascii_start().starts_with(b"{")
        && bytes.iter().filter(|byte| matches!(byte, b'{' | b'[')).count() == 1;
    let repeated = match serde_json::from_slice(bytes) {
        Ok(value) if !may_hold_nul && is_flat => return Ok(value),
        Ok(_) => None,
        Err(error) => repeated_field(&error),
    };
    let whole: Value = serde_json::from_slice(bytes)
        .map_err(|error| invalid("json_invalid", format!("JSON decode error: {error}")))?;
    let mut faults = Vec::new();
    nul(&whole, &mut Vec::new(), &mut faults);
    // A value holds a repeated field once.
    faults.extend(repeated);
    match read_json(&whole, bytes.len(), Needs::from_schema::<T>) {
        Ok(value) if faults.is_empty() => Ok(value),
        Ok(_) => Err(refusal("body", faults, |way| look_up(&whole, way))),
        Err(others) => {
            merge(&mut faults, others);
            Err(refusal("body", faults, |way| look_up(&whole, way)))
        }
    }
}

/// The field that serde found a second time.
fn repeated_field(error: &serde_json::Error) -> Option<FieldFault> {
    let text = error.to_string();
    let name = text.strip_prefix("duplicate field `")?.split('`').next()?;
    Some(FieldFault { way: vec![name.into()], kind: "value_error", msg: "must be given once".to_owned() })
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let begun = Instant::now();
        let response = axum::Json(self.0).into_response();
        Spent::note_encode(begun.elapsed());
        response
    }
}

impl<S: Send + Sync, T: DeserializeOwned + ToSchema> FromRequest<S> for Form<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        content::must_be_form(request.headers())?;
        let bytes = body(request, state).await?;
        let fields = fields(&bytes);
        read_fields(&fields, required::<T>)
            .map(Self)
            .map_err(|faults| refusal("body", faults, |way| of_name(&fields, way)))
    }
}

/// The fields of a query string or a form.
pub fn fields(text: &[u8]) -> Vec<(String, Value)> {
    form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect()
}

/// What was given under a name.
pub fn of_name(fields: &[(String, Value)], way: &[Value]) -> Option<Value> {
    let name = way.last()?.as_str()?;
    fields.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone())
}

fn required<T: ToSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.required,
        _ => Vec::new(),
    }
}

pub(super) async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
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

pub(super) fn invalid(kind: &str, msg: impl Into<String>) -> ApiError {
    let error = FieldError { kind: kind.to_owned(), loc: vec!["body".into()], msg: msg.into(), input: Value::Null };
    Problem::invalid(vec![error]).into()
}

/// Text with the character NUL, at every depth.
fn nul(value: &Value, at: &mut Vec<Value>, found: &mut Vec<FieldFault>) {
    let fault = |at: &[Value]| FieldFault {
        way: at.to_vec(),
        kind: "value_error",
        msg: "must not contain the character NUL".to_owned(),
    };
    match value {
        Value::String(text) if text.contains('\0') => found.push(fault(at)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if found.len() >= MOST_FAULTS {
                    break;
                }
                at.push(index.into());
                nul(item, at, found);
                at.pop();
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                if name.contains('\0') {
                    found.push(fault(at));
                    continue;
                }
                at.push(name.as_str().into());
                nul(value, at, found);
                at.pop();
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
