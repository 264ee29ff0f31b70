//! Several parts of a request that are read together, so that one answer names the faults of all.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::error::ApiError;

/// Two parts of the head of a request: path, query string, headers.
pub struct Pair<A, B>(pub A, pub B);

/// Parts of the head of a request, and its body.
pub struct WithBody<P, B>(pub P, pub B);

impl<S, A, B> FromRequestParts<S> for Pair<A, B>
where
    S: Send + Sync,
    A: FromRequestParts<S, Rejection = ApiError> + Send,
    B: FromRequestParts<S, Rejection = ApiError> + Send,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let first = A::from_request_parts(parts, state).await;
        let second = B::from_request_parts(parts, state).await;
        both(first, second).map(|(first, second)| Self(first, second))
    }
}

impl<S, P, B> FromRequest<S> for WithBody<P, B>
where
    S: Send + Sync,
    P: FromRequestParts<S, Rejection = ApiError> + Send,
    B: FromRequest<S, Rejection = ApiError>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let head = P::from_request_parts(&mut parts, state).await;
        let body = B::from_request(Request::from_parts(parts, body), state).await;
        both(head, body).map(|(head, body)| Self(head, body))
    }
}

/// Both, or the faults of both; a refusal that is about more than fields goes before those.
fn both<A, B>(first: Result<A, ApiError>, second: Result<B, ApiError>) -> Result<(A, B), ApiError> {
    let is_of_fields = |error: &ApiError| error.0.status == StatusCode::UNPROCESSABLE_ENTITY.as_u16();
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(mut first), Err(second)) if is_of_fields(&first) && is_of_fields(&second) => {
            first.0.errors.extend(second.0.errors);
            Err(first)
        }
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
        (Err(first), Err(second)) => Err(if is_of_fields(&first) { second } else { first }),
    }
}
