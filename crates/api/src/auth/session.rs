//! `POST /auth/logout` and the sessions of a user.

use app::Context;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::SessionId;
use domain::session::{Platform, Session};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{cookie, refresh_cookie};
use crate::error::Result;
use crate::extract::{Authenticated, Json, MaybeActor, UuidPath};
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// One sign-in.
#[derive(Serialize, ToSchema)]
pub struct SessionOut {
    /// Number.
    id: Uuid,
    /// `web`, `telegram` or `api`.
    #[schema(value_type = String)]
    plataforma: Platform,
    /// When it began.
    creada_en: DateTime<Utc>,
    /// Last refresh.
    ultimo_uso: DateTime<Utc>,
    /// No refresh after this.
    expira_en: DateTime<Utc>,
    /// Address it was opened from.
    #[schema(value_type = Option<String>)]
    ip: Option<std::net::IpAddr>,
    /// What the client called itself.
    user_agent: Option<String>,
    /// Whether it is the one that asks.
    actual: bool,
}

/// That the session has ended.
#[derive(Serialize, ToSchema)]
pub struct LogoutOut {
    /// Always `logged_out`.
    status: &'static str,
}

/// Ends the session of the token, if there is one.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth",
    operation_id = "auth_logout", responses((status = 200, body = LogoutOut)))]
pub async fn logout(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    MaybeActor(actor): MaybeActor,
) -> Result<Response> {
    if let Some(actor) = actor {
        app::auth::logout(&cx, &actor).await?;
    }
    let gone = [cookie(&settings, "", 0), refresh_cookie(&settings, "", 0)].map(|gone| (header::SET_COOKIE, gone));
    Ok((AppendHeaders(gone), Json(LogoutOut { status: "logged_out" })).into_response())
}

/// Live sessions of the caller, newest first.
#[utoipa::path(get, path = "/api/v1/auth/sessions", tag = "auth",
    operation_id = "session_list", security(("bearer" = [])),
    responses((status = 200, body = Vec<SessionOut>), (status = "4XX", body = Problem)))]
pub async fn list(State(cx): State<Context>, Authenticated(actor): Authenticated) -> Result<Json<Vec<SessionOut>>> {
    let Some(user) = actor.user() else { return Ok(Json(Vec::new())) };
    let sessions = app::auth::list_sessions(&cx, &actor, user).await?;
    let out = |session: Session| SessionOut {
        id: session.id.0,
        plataforma: session.platform,
        creada_en: session.created_at,
        ultimo_uso: session.last_used_at,
        expira_en: session.expires_at,
        ip: session.ip,
        user_agent: session.user_agent,
        actual: actor.session() == Some(session.id),
    };
    Ok(Json(sessions.into_iter().map(out).collect()))
}

/// Ends a session: one's own, or as an administrator anybody's.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{session_id}", tag = "auth",
    operation_id = "session_revoke", security(("bearer" = [])),
    params(("session_id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub async fn revoke(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    UuidPath(id): UuidPath,
) -> Result<StatusCode> {
    app::auth::revoke_session(&cx, &actor, SessionId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
