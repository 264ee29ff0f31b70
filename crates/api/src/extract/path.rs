//! Numbers in paths.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::error::ApiError;
use crate::problem::{FieldError, Problem};

/// The one number in a path.
pub struct Id(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| invalid("id", ""))?;
        let (name, value) = params.iter().next().ok_or_else(|| invalid("id", ""))?;
        value.parse().map(Self).map_err(|_| invalid(name, value))
    }
}

/// The two numbers in a path, in the order in which they stand there.
pub struct Ids(pub i64, pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Ids {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| invalid("id", ""))?;
        let mut params = params.iter();
        let mut next = || {
            let (name, value) = params.next().ok_or_else(|| invalid("id", ""))?;
            value.parse().map_err(|_| invalid(name, value))
        };
        Ok(Self(next()?, next()?))
    }
}

fn invalid(name: &str, value: &str) -> ApiError {
    let msg = "must be a whole number between -9223372036854775808 and 9223372036854775807";
    Problem::invalid(vec![FieldError::new("type_error", "path", name, msg, value.into())]).into()
}

/// The one text in a path.
pub struct TextPath(pub String);

impl<S: Send + Sync> FromRequestParts<S> for TextPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let not_text = || {
            let error = FieldError::new("type_error", "path", "", "must be UTF-8", serde_json::Value::Null);
            Problem::invalid(vec![error])
        };
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| not_text())?;
        let (_, value) = params.iter().next().ok_or_else(not_text)?;
        Ok(Self(value.to_owned()))
    }
}

/// The one UUID in a path.
pub struct UuidPath(pub uuid::Uuid);

impl<S: Send + Sync> FromRequestParts<S> for UuidPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| not_uuid("id", ""))?;
        let (name, value) = params.iter().next().ok_or_else(|| not_uuid("id", ""))?;
        value.parse().map(Self).map_err(|_| not_uuid(name, value))
    }
}

fn not_uuid(name: &str, value: &str) -> ApiError {
    Problem::invalid(vec![FieldError::new("type_error", "path", name, "must be a UUID", value.into())]).into()
}
