//! The body of every refusal: an RFC 9457 problem that keeps the contract's `detail`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::extract;
use crate::refusal::Refused;

/// A refusal.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"type": "about:blank", "title": "Not Found", "status": 404,
    "detail": "The task with this id does not exist in the system", "code": "not_found"}))]
pub struct Problem {
    /// A URI for the kind of problem; `about:blank` where the status says it all.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What was wrong, for people.
    pub detail: String,
    /// What was wrong, for programs; stable.
    pub code: &'static str,
    /// Fields that must be otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The present state, where the caller had an older one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub current: Option<Value>,
    /// `Retry-After`, seconds.
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// `WWW-Authenticate: Bearer`.
    #[serde(skip)]
    pub challenge: bool,
    /// Policy refused, which is audited.
    #[serde(skip)]
    pub refused: Option<app::Refusal>,
}

/// A field that must be otherwise.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldError {
    /// Kind of problem: `missing`, `type_error`, `value_error`, `json_invalid`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where: `body`, `query`, `path` or `header`, then the way to the field.
    #[schema(value_type = Vec<Value>)]
    pub loc: Vec<Value>,
    /// What was wrong and what is allowed.
    pub msg: String,
    /// What was given; secrets are left out.
    #[schema(value_type = Value)]
    pub input: Value,
}

impl Problem {
    /// A problem without more than its status, code and detail.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            errors: Vec::new(),
            current: None,
            retry_after: None,
            challenge: false,
            refused: None,
        }
    }

    /// 422 with the fields.
    pub fn invalid(mut errors: Vec<FieldError>) -> Self {
        extract::add_input(&mut errors);
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "validation_error", "Validation Error") }
    }
}

impl FieldError {
    /// One field of the part `of` of a request.
    pub fn new(kind: &str, of: &str, field: &str, msg: impl Into<String>, input: Value) -> Self {
        let loc = vec![Value::from(of), Value::from(field)];
        Self { kind: kind.to_owned(), loc, msg: msg.into(), input }
    }
}

impl From<app::FieldProblem> for FieldError {
    fn from(problem: app::FieldProblem) -> Self {
        // `posiciones.4.lat` is the field `lat` of the fifth of `posiciones`.
        let step = |step: &str| step.parse::<u64>().map_or_else(|_| Value::from(step), Value::from);
        let loc = [Value::from(extract::part_of_field())].into_iter().chain(problem.field.split('.').map(step));
        let loc = loc.collect();
        Self { kind: problem.code.to_owned(), loc, msg: problem.message, input: Value::Null }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (retry_after, challenge, refused) = (self.retry_after, self.challenge, self.refused);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(why) = refused {
            response.extensions_mut().insert(Refused(why));
        }
        response
    }
}
