//! `POST /users/{user_id}/link-code` and `DELETE /users/{user_id}/telegram`.

use app::Context;
use app::telegram::link::Issued;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::UserId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::extract::{Authenticated, Id, Json};
use crate::problem::Problem;

/// A one-time code; it is shown here and never again.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"codigo": "7KQ2M9XH4R", "vence_en": "2026-11-25T12:00:00Z",
    "orden": "/vincular 7KQ2M9XH4R", "enlace": "https://t.me/oficina_bot?start=7KQ2M9XH4R"}))]
pub struct LinkCodeOut {
    /// Ten letters and digits.
    codigo: String,
    /// Good until then.
    vence_en: DateTime<Utc>,
    /// What the user writes to the bot.
    orden: String,
    /// What opens the bot with the code in hand, where the office has named its bot.
    enlace: Option<String>,
}

impl From<Issued> for LinkCodeOut {
    fn from(issued: Issued) -> Self {
        Self {
            codigo: issued.code.reveal().to_owned(),
            vence_en: issued.expires_at,
            orden: issued.command(),
            enlace: issued.url(),
        }
    }
}

/// Makes a one-time code by which a user links a Telegram account; codes made before are void. For level 3.
#[utoipa::path(post, path = "/api/v1/users/{user_id}/link-code", tag = "users",
    operation_id = "user_link_code", security(("bearer" = [])),
    params(("user_id" = i64, Path)),
    responses((status = 201, body = LinkCodeOut), (status = "4XX", body = Problem)))]
pub async fn issue(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Id(id): Id,
) -> Result<(StatusCode, Json<LinkCodeOut>)> {
    let issued = app::telegram::link::issue(&cx, &actor, UserId(id)).await?;
    Ok((StatusCode::CREATED, Json(issued.into())))
}

/// Ends the link between a user and a Telegram account, one's own or for level 3 anybody's.
#[utoipa::path(delete, path = "/api/v1/users/{user_id}/telegram", tag = "users",
    operation_id = "user_unlink", security(("bearer" = [])),
    params(("user_id" = i64, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub async fn unlink(State(cx): State<Context>, Authenticated(actor): Authenticated, Id(id): Id) -> Result<StatusCode> {
    app::telegram::link::unlink(&cx, &actor, UserId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
