//! `POST /auth/logout` and the sessions of a user.

use app::{Actor, Context};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::session::{Platform, Session};
use domain::{SessionId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{REFRESH_COOKIE, cookie, is_secure, refresh_cookie};
use crate::client::PageOrigin;
use crate::error::Result;
use crate::extract::{
    Authenticated, COOKIE, Id, Json, OptionalJson, RequestInfo, UuidPath, cookie_value, header_token,
};
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

/// What a client may sign out by besides its access token.
#[derive(Deserialize, ToSchema)]
pub struct LogoutIn {
    /// As it was given last; pages of the office itself have it in a cookie.
    #[serde(default)]
    refresh_token: Option<String>,
}

/// Ends the session of the access token, also of one that has expired, or of the refresh token, in whatever
/// way they are shown: header, cookies of pages of the office itself, body. Without any there is
/// nothing to end.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", operation_id = "auth_logout",
    request_body(content = Option<LogoutIn>, content_type = "application/json"),
    responses((status = 200, body = LogoutOut), (status = "4XX", body = Problem)))]
pub async fn logout(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    RequestInfo(request): RequestInfo,
    page: PageOrigin,
    headers: HeaderMap,
    OptionalJson(body): OptionalJson<LogoutIn>,
) -> Result<Response> {
    let kept = |name| cookie_value(&headers, name).filter(|value| !value.is_empty());
    let mut access: Vec<String> = header_token(&headers).into_iter().collect();
    let mut refresh: Vec<String> = body.and_then(|body| body.refresh_token).into_iter().collect();
    let (kept_access, kept_refresh) = (kept(COOKIE), kept(REFRESH_COOKIE));
    // On cookies alone it must come from our own pages, as every change.
    let has_cookie = kept_access.is_some() || kept_refresh.is_some();
    let foreign = if has_cookie { page.require_own().err() } else { None };
    if foreign.is_none() {
        access.extend(kept_access);
        refresh.extend(kept_refresh);
    }
    let ended = app::auth::logout(&cx, &request, &access, &refresh).await?;
    if let Some(foreign) = foreign.filter(|_| ended == 0) {
        return Err(foreign);
    }
    let is_secure = is_secure(&settings, &page);
    let gone = [cookie(is_secure, "", 0), refresh_cookie(is_secure, "", 0)].map(|gone| (header::SET_COOKIE, gone));
    Ok((AppendHeaders(gone), Json(LogoutOut { status: "logged_out" })).into_response())
}

fn out(actor: &Actor, sessions: Vec<Session>) -> Vec<SessionOut> {
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
    sessions.into_iter().map(out).collect()
}

/// Live sessions of the caller, newest first.
#[utoipa::path(get, path = "/api/v1/auth/sessions", tag = "auth",
    operation_id = "session_list", security(("bearer" = [])),
    responses((status = 200, body = Vec<SessionOut>), (status = "4XX", body = Problem)))]
pub async fn list(State(cx): State<Context>, Authenticated(actor): Authenticated) -> Result<Json<Vec<SessionOut>>> {
    let Some(user) = actor.user() else { return Ok(Json(Vec::new())) };
    let sessions = app::auth::list_sessions(&cx, &actor, user).await?;
    Ok(Json(out(&actor, sessions)))
}

/// Live sessions of a user, newest first, for administrators; ended by `DELETE /auth/sessions/{session_id}`.
#[utoipa::path(get, path = "/api/v1/users/{user_id}/sessions", tag = "users",
    operation_id = "user_sessions", security(("bearer" = [])),
    params(("user_id" = i64, Path)),
    responses((status = 200, body = Vec<SessionOut>), (status = "4XX", body = Problem)))]
pub async fn list_of_user(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Id(id): Id,
) -> Result<Json<Vec<SessionOut>>> {
    let sessions = app::auth::list_sessions(&cx, &actor, UserId(id)).await?;
    Ok(Json(out(&actor, sessions)))
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
