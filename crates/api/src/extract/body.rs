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
use super::faults::read_fields;
use super::json::{Search, UnreadableJson, read_text};
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
        read(&json_body(request, state).await?).map(Self)
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
        sent::keep_body(&bytes);
        read(&bytes).map(|value| Self(Some(value)))
    }
}

/// Reads a JSON body, all of whose wrong fields are named.
fn read<T: DeserializeOwned + ToSchema>(bytes: &Bytes) -> Result<T, ApiError> {
    read_text(bytes, Search::All).map_err(|unreadable| match unreadable {
        UnreadableJson::Syntax(error) => not_json(&error),
        UnreadableJson::Faults { whole, faults } => refusal("body", faults, |way| look_up(&whole, way)),
    })
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

/// A JSON body that must be there.
pub(super) async fn json_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    content::must_be_json(request.headers())?;
    let bytes = body(request, state).await?;
    if bytes.is_empty() {
        return Err(invalid("missing", "Field required: the body is empty"));
    }
    sent::keep_body(&bytes);
    Ok(bytes)
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

/// The refusal of a body that is no JSON.
pub(super) fn not_json(error: &serde_json::Error) -> ApiError {
    invalid("json_invalid", format!("JSON decode error: {error}"))
}

pub(super) fn invalid(kind: &str, msg: impl Into<String>) -> ApiError {
    let error = FieldError { kind: kind.to_owned(), loc: vec!["body".into()], msg: msg.into(), input: Value::Null };
    Problem::invalid(vec![error]).into()
}
