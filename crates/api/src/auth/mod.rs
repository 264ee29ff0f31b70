//! Sign-in.

pub mod login;
pub mod session;

use axum::http::HeaderValue;

use crate::client::PageOrigin;
use crate::extract::COOKIE;
use crate::settings::ApiSettings;

/// Name of the cookie that carries a refresh token; only sign-in's own routes are sent it.
pub const REFRESH_COOKIE: &str = "refresh_token";

/// `Set-Cookie` for an access token; an empty one with no age takes the cookie back.
fn cookie(is_secure: bool, token: &str, max_age_s: i64) -> HeaderValue {
    set_cookie(is_secure, COOKIE, "/", token, max_age_s)
}

/// The same for a refresh token.
fn refresh_cookie(is_secure: bool, token: &str, max_age_s: i64) -> HeaderValue {
    set_cookie(is_secure, REFRESH_COOKIE, "/api/v1/auth", token, max_age_s)
}

/// Whether cookies are to be sent by TLS only: where the office says so, and where browsers reach it
/// by TLS.
fn is_secure(settings: &ApiSettings, page: &PageOrigin) -> bool {
    settings.secure_cookies || page.is_secure()
}

fn set_cookie(is_secure: bool, name: &str, path: &str, token: &str, max_age_s: i64) -> HeaderValue {
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!("{name}={token}; Path={path}; HttpOnly; SameSite=Strict; Max-Age={max_age_s}{secure}");
    // Tokens are base64url and dots, so this cannot fail.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
