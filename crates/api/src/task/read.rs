//! `GET /tasks/{task_id}`.

use app::Context;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::TaskId;

use super::TaskOut;
use crate::error::Result;
use crate::etag::etag;
use crate::extract::{Authenticated, Id, Json};
use crate::problem::Problem;

/// One task.
#[utoipa::path(get, path = "/api/v1/tasks/{task_id}", tag = "tasks",
    operation_id = "task_read", security(("bearer" = [])),
    params(("task_id" = i64, Path)),
    responses((status = 200, body = TaskOut), (status = "4XX", body = Problem)))]
pub async fn read(State(cx): State<Context>, Authenticated(actor): Authenticated, Id(id): Id) -> Result<Response> {
    let task = app::task::by_id(&cx, &actor, TaskId(id)).await?;
    Ok((etag(task.version), Json(TaskOut::from(task))).into_response())
}
