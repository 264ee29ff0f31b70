//! `GET /users/`.

use app::Context;
use axum::extract::State;

use super::UserOut;
use crate::error::Result;
use crate::extract::{Authenticated, Json, NextPage, Paging, Query};
use crate::problem::Problem;

/// Users by id, for level 2.
#[utoipa::path(get, path = "/api/v1/users/", tag = "users",
    operation_id = "user_list", security(("bearer" = [])), params(Paging),
    responses((status = 200, body = Vec<UserOut>,
        headers(("X-Next-Cursor" = i64, description = "The `cursor` of the next page, if there may be one."))), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(paging): Query<Paging>,
) -> Result<(NextPage, Json<Vec<UserOut>>)> {
    let users = app::user::list(&cx, &actor, paging.page()).await?;
    let next = paging.next_page(users.iter().map(|user| user.id.0));
    Ok((next, Json(users.into_iter().map(|user| UserOut::seen_by(&actor, user)).collect())))
}
