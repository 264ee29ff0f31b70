//! `DELETE /tasks/{task_id}`.

use app::Context;
use axum::extract::State;
use domain::TaskId;

use super::TaskOut;
use crate::error::Result;
use crate::etag::IfMatch;
use crate::extract::{Authenticated, Id, Json, Pair};
use crate::problem::Problem;

/// Deletes a task; it stays in the record and is no longer seen.
#[utoipa::path(delete, path = "/api/v1/tasks/{task_id}", tag = "tasks",
    operation_id = "task_delete", security(("bearer" = [])),
    params(("task_id" = i64, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = TaskOut), (status = "4XX", body = Problem)))]
pub async fn delete(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Pair(Id(id), IfMatch(expected)): Pair<Id, IfMatch>,
) -> Result<Json<TaskOut>> {
    let task = app::task::delete(&cx, &actor, TaskId(id), expected).await?;
    Ok(Json(task.into()))
}
