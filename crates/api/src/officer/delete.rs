//! `DELETE /efectivos/{efectivo_id}`.

use app::Context;
use axum::extract::State;
use axum::http::StatusCode;
use domain::OfficerId;

use crate::error::Result;
use crate::etag::IfMatch;
use crate::extract::{Authenticated, Id, Pair};
use crate::problem::Problem;

/// Deletes an officer without a begun task; the officer stays in the record and is no longer seen.
#[utoipa::path(delete, path = "/api/v1/efectivos/{efectivo_id}", tag = "efectivos",
    operation_id = "officer_delete", security(("bearer" = [])),
    params(("efectivo_id" = i64, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub async fn delete(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Pair(Id(id), IfMatch(expected)): Pair<Id, IfMatch>,
) -> Result<StatusCode> {
    app::officer::delete(&cx, &actor, OfficerId(id), expected).await?;
    Ok(StatusCode::NO_CONTENT)
}
