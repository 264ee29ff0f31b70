//! `POST /auth/login` and `POST /auth/refresh`.

use app::Context;
use app::auth::{Credentials, SignedIn};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::session::Platform;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{DEVICE_COOKIE, REFRESH_COOKIE, cookie, device_cookie, is_secure, refresh_cookie};
use crate::client::PageOrigin;
use crate::error::Result;
use crate::extract::{Form, Json, RequestInfo, cookie_value, cookies};
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
    /// As it was given last; pages of the office itself have it in a cookie.
    #[serde(default)]
    refresh_token: Option<String>,
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth",
    operation_id = "auth_login",
    request_body(content = LoginForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenOut), (status = "4XX", body = Problem)))]
pub async fn login(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    RequestInfo(request): RequestInfo,
    page: PageOrigin,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Result<Response> {
    // A page of another origin must not sign its reader in to an account that the page chose.
    page.refuse_foreign()?;
    let password = Zeroizing::new(form.password);
    let devices = cookies(&headers).filter(|cookie| cookie.name().starts_with(DEVICE_COOKIE));
    let devices = devices.map(|cookie| cookie.value_trimmed().to_owned()).collect();
    let credentials = Credentials { username: form.username, password, platform: Platform::Api, devices };
    Ok(tokens(is_secure(&settings, &page), app::auth::login(&cx, &request, credentials).await?))
}

/// Prolongs a session.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth",
    operation_id = "auth_refresh", request_body = RefreshIn,
    responses((status = 200, body = TokenOut), (status = "4XX", body = Problem)))]
pub async fn refresh(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    RequestInfo(request): RequestInfo,
    page: PageOrigin,
    headers: HeaderMap,
    Json(body): Json<RefreshIn>,
) -> Result<Response> {
    let token = match body.refresh_token {
        Some(token) => Some(token),
        None => {
            let kept = cookie_value(&headers, REFRESH_COOKIE);
            // On the cookie alone it must come from our own pages, as every change.
            if kept.is_some() {
                page.require_own()?;
            }
            kept
        }
    };
    let token = token.ok_or_else(|| app::Error::invalid("refresh_token", "Field required"))?;
    Ok(tokens(is_secure(&settings, &page), app::auth::refresh(&cx, &request, &token).await?))
}

fn tokens(is_secure: bool, signed_in: SignedIn) -> Response {
    let expires_in = signed_in.access_ttl.num_seconds();
    let cookie = cookie(is_secure, &signed_in.access_token, expires_in);
    let refresh_in = signed_in.refresh_ttl.num_seconds();
    let kept = refresh_cookie(is_secure, &signed_in.refresh_token, refresh_in);
    let device = signed_in.device.map(|device| (header::SET_COOKIE, device_cookie(is_secure, &device)));
    let body = TokenOut {
        access_token: signed_in.access_token,
        token_type: "bearer",
        expires_in,
        refresh_token: signed_in.refresh_token,
        refresh_expires_in: refresh_in,
    };
    let cookies = [(header::SET_COOKIE, cookie), (header::SET_COOKIE, kept)].into_iter().chain(device);
    (AppendHeaders(cookies), Json(body)).into_response()
}
