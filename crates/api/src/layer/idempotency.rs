//! `Idempotency-Key`: what tells two requests under one key apart is a hash of method, path and
//! body, so the body is read here and handed on.

use app::IdempotencyKey;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::ApiError;
use crate::extract::unreadable;
use crate::problem::{FieldError, Problem};

/// That the key of a request is none. Said once it is known who asks: a stranger is told nothing
/// but that.
#[derive(Clone, Copy)]
pub struct UnusableKey;

impl UnusableKey {
    /// Refuses a request whose key is none.
    ///
    /// # Errors
    /// 422 that names the header.
    pub fn refuse(parts: &Parts) -> Result<(), ApiError> {
        if parts.extensions.get::<Self>().is_none() {
            return Ok(());
        }
        let msg = "must be 1 to 255 visible ASCII characters";
        let error = FieldError::new("value_error", "header", "Idempotency-Key", msg, Value::Null);
        Err(Problem::invalid(vec![error]).into())
    }
}

/// Notes the key of a request that carries one.
pub async fn idempotency_key(mut request: Request, next: Next) -> Response {
    let Some(value) = request.headers().get("idempotency-key") else { return next.run(request).await };
    let key = value.to_str().unwrap_or_default().to_owned();
    if key.is_empty() || key.len() > 255 || !key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        request.extensions_mut().insert(UnusableKey);
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let limited = Request::from_parts(parts.clone(), body);
    let bytes = match Bytes::from_request(limited, &()).await {
        Ok(bytes) => bytes,
        Err(rejection) => return unreadable(rejection).into_response(),
    };
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update([0]);
    hash.update(parts.uri.path());
    hash.update([0]);
    hash.update(&bytes);
    let mut request = Request::from_parts(parts, Body::from(bytes));
    request.extensions_mut().insert(IdempotencyKey { key, request_hash: hash.finalize().into() });
    next.run(request).await
}
