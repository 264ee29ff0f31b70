//! Sign-in.

pub mod login;
pub mod session;

use app::auth::DeviceCookie;
use axum::http::HeaderValue;

use crate::client::PageOrigin;
use crate::extract::COOKIE;
use crate::settings::ApiSettings;

/// Name of the cookie that carries a refresh token; only sign-in's own routes are sent it.
pub const REFRESH_COOKIE: &str = "refresh_token";
/// The only routes that get it.
const AUTH_PATH: &str = "/api/v1/auth";

/// What names of the cookies of known devices begin with; the number of the user follows, so that
/// several people at one desk each have theirs.
pub const DEVICE_COOKIE: &str = "device_";

/// `Set-Cookie` for a known device. Signing out does not take it back.
fn device_cookie(is_secure: bool, device: &DeviceCookie) -> HeaderValue {
    let name = format!("{DEVICE_COOKIE}{}", device.user);
    set_cookie(is_secure, &name, AUTH_PATH, &device.value, domain::user::known_for().num_seconds())
}

/// `Set-Cookie` for an access token; an empty one with no age takes the cookie back.
fn cookie(is_secure: bool, token: &str, max_age_s: i64) -> HeaderValue {
    set_cookie(is_secure, COOKIE, "/", token, max_age_s)
}

/// The same for a refresh token.
fn refresh_cookie(is_secure: bool, token: &str, max_age_s: i64) -> HeaderValue {
    set_cookie(is_secure, REFRESH_COOKIE, AUTH_PATH, token, max_age_s)
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
