//! `GET /users/me` and `GET /users/{user_id}`.

use app::{Context, Error};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::UserId;

use super::UserOut;
use crate::error::Result;
use crate::etag::etag;
use crate::extract::{Authenticated, Id, Json};
use crate::problem::Problem;

/// Oneself.
#[utoipa::path(get, path = "/api/v1/users/me", tag = "users",
    operation_id = "user_me", security(("bearer" = [])),
    responses((status = 200, body = UserOut), (status = "4XX", body = Problem)))]
pub async fn me(State(cx): State<Context>, Authenticated(actor): Authenticated) -> Result<Response> {
    let id = actor.user().ok_or(Error::Unauthenticated)?;
    let user = app::user::by_id(&cx, &actor, id).await?;
    Ok((etag(user.version), Json(UserOut::seen_by(&actor, user))).into_response())
}

/// One user: oneself, or anybody for level 2, which is audited.
#[utoipa::path(get, path = "/api/v1/users/{user_id}", tag = "users",
    operation_id = "user_read", security(("bearer" = [])),
    params(("user_id" = i64, Path)),
    responses((status = 200, body = UserOut), (status = "4XX", body = Problem)))]
pub async fn read(State(cx): State<Context>, Authenticated(actor): Authenticated, Id(id): Id) -> Result<Response> {
    let user = app::user::by_id(&cx, &actor, UserId(id)).await?;
    Ok((etag(user.version), Json(UserOut::seen_by(&actor, user))).into_response())
}
