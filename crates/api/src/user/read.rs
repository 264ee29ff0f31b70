//! `GET /users/me` and `GET /users/{user_id}`.

use app::{Context, Error};
use axum::extract::State;
use domain::UserId;

use super::UserOut;
use crate::error::Result;
use crate::extract::{Authenticated, Id, Json};
use crate::problem::Problem;

/// Oneself.
#[utoipa::path(get, path = "/api/v1/users/me", tag = "users", security(("bearer" = [])),
    responses((status = 200, body = UserOut), (status = "4XX", body = Problem)))]
pub async fn me(State(cx): State<Context>, Authenticated(actor): Authenticated) -> Result<Json<UserOut>> {
    let id = actor.user().ok_or(Error::Unauthenticated)?;
    let user = app::user::by_id(&cx, &actor, id).await?;
    Ok(Json(UserOut::seen_by(&actor, user)))
}

/// One user: oneself, or anybody for level 2, which is audited.
#[utoipa::path(get, path = "/api/v1/users/{user_id}", tag = "users", security(("bearer" = [])),
    params(("user_id" = i64, Path)),
    responses((status = 200, body = UserOut), (status = "4XX", body = Problem)))]
pub async fn read(State(cx): State<Context>, Authenticated(actor): Authenticated, Id(id): Id) -> Result<Json<UserOut>> {
    let user = app::user::by_id(&cx, &actor, UserId(id)).await?;
    Ok(Json(UserOut::seen_by(&actor, user)))
}
