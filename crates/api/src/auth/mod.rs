//! Sign-in.

pub mod login;
pub mod session;

use axum::http::HeaderValue;

use crate::extract::COOKIE;
use crate::settings::ApiSettings;

/// Name of the cookie that carries a refresh token; only sign-in's own routes are sent it.
pub const REFRESH_COOKIE: &str = "refresh_token";

/// `Set-Cookie` for an access token; an empty one with no age takes the cookie back.
fn cookie(settings: &ApiSettings, token: &str, max_age_s: i64) -> HeaderValue {
    set_cookie(settings, COOKIE, "/", token, max_age_s)
}

/// The same for a refresh token.
fn refresh_cookie(settings: &ApiSettings, token: &str, max_age_s: i64) -> HeaderValue {
    set_cookie(settings, REFRESH_COOKIE, "/api/v1/auth", token, max_age_s)
}

fn set_cookie(settings: &ApiSettings, name: &str, path: &str, token: &str, max_age_s: i64) -> HeaderValue {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    let text = format!("{name}={token}; Path={path}; HttpOnly; SameSite=Strict; Max-Age={max_age_s}{secure}");
    // Tokens are base64url and dots, so this cannot fail.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
