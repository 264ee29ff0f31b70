//! `POST /auth/login` and `POST /auth/refresh`.

use app::Context;
use app::auth::{Credentials, SignedIn};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::session::Platform;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::cookie;
use crate::error::Result;
use crate::extract::{Form, Json, RequestInfo};
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// The form of sign-in (OAuth2 password flow; the fields not named here are ignored).
#[derive(Deserialize, ToSchema)]
pub struct LoginForm {
    /// An e-mail; case is ignored.
    #[schema(example = "admin@demo.gad")]
    username: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// Tokens of a session.
#[derive(Serialize, ToSchema)]
pub struct TokenOut {
    /// JWT for `Authorization: Bearer`.
    access_token: String,
    /// Always `bearer`.
    token_type: &'static str,
    /// Seconds that the access token is good.
    expires_in: i64,
    /// Opaque, to be exchanged once for new tokens.
    refresh_token: String,
    /// Seconds that the refresh token is good.
    refresh_expires_in: i64,
}

/// What is exchanged for new tokens.
#[derive(Deserialize, ToSchema)]
pub struct RefreshIn {
    /// As it was given last.
    refresh_token: String,
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth",
    request_body(content = LoginForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenOut), (status = "4XX", body = Problem)))]
pub async fn login(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    RequestInfo(request): RequestInfo,
    Form(form): Form<LoginForm>,
) -> Result<Response> {
    let password = Zeroizing::new(form.password);
    let credentials = Credentials { username: form.username, password, platform: Platform::Api };
    Ok(tokens(&settings, app::auth::login(&cx, &request, credentials).await?))
}

/// Prolongs a session.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = RefreshIn,
    responses((status = 200, body = TokenOut), (status = "4XX", body = Problem)))]
pub async fn refresh(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    RequestInfo(request): RequestInfo,
    Json(body): Json<RefreshIn>,
) -> Result<Response> {
    Ok(tokens(&settings, app::auth::refresh(&cx, &request, &body.refresh_token).await?))
}

fn tokens(settings: &ApiSettings, signed_in: SignedIn) -> Response {
    let expires_in = signed_in.access_ttl.num_seconds();
    let cookie = cookie(settings, &signed_in.access_token, expires_in);
    let body = TokenOut {
        access_token: signed_in.access_token,
        token_type: "bearer",
        expires_in,
        refresh_token: signed_in.refresh_token,
        refresh_expires_in: signed_in.refresh_ttl.num_seconds(),
    };
    ([(header::SET_COOKIE, cookie)], Json(body)).into_response()
}
