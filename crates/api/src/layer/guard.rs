//! Answers where no handler gives one.

use std::any::Any;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// No such path.
pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "Not Found")
}

/// The path knows other methods only.
pub async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method Not Allowed")
}

/// A defect of ours: the request fails, the server goes on.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(code = "internal", panic = what.unwrap_or("?"), "handler panicked");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Error interno").into_response()
}
