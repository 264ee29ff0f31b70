//! `POST /stats/invalidate/user/{user_id}`.

use app::Context;
use axum::extract::State;
use domain::UserId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Id, Json};
use crate::problem::Problem;

/// What was dropped.
#[derive(Serialize, ToSchema)]
pub struct InvalidatedOut {
    /// In words.
    message: String,
    /// How many were there.
    deleted_keys: u64,
    /// Of which keys.
    pattern: String,
}

/// Drops the kept figures of a user: one's own, or of anybody for level 3.
#[utoipa::path(post, path = "/api/v1/stats/invalidate/user/{user_id}", tag = "stats",
    operation_id = "stats_invalidate", security(("bearer" = [])),
    params(("user_id" = i64, Path)),
    responses((status = 200, body = InvalidatedOut), (status = "4XX", body = Problem)))]
pub async fn invalidate(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Id(user): Id,
) -> Result<Json<InvalidatedOut>> {
    let (deleted_keys, pattern) = app::stats::invalidate(&cx, &actor, UserId(user)).await?;
    let message = format!("Caché de estadísticas invalidado para el usuario {user}");
    Ok(Json(InvalidatedOut { message, deleted_keys, pattern }))
}
