//! `GET /users/`.

use app::Context;
use axum::extract::State;

use super::UserOut;
use crate::error::Result;
use crate::extract::{Authenticated, Json, Paging, Query};
use crate::problem::Problem;

/// Users by id, for level 2.
#[utoipa::path(get, path = "/api/v1/users/", tag = "users",
    operation_id = "user_list", security(("bearer" = [])), params(Paging),
    responses((status = 200, body = Vec<UserOut>), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<UserOut>>> {
    let users = app::user::list(&cx, &actor, paging.page()).await?;
    Ok(Json(users.into_iter().map(|user| UserOut::seen_by(&actor, user)).collect()))
}
