//! Sign-in.

pub mod login;
pub mod session;

use axum::http::HeaderValue;

use crate::extract::COOKIE;
use crate::settings::ApiSettings;

/// `Set-Cookie` for an access token; an empty one with no age takes the cookie back.
fn cookie(settings: &ApiSettings, token: &str, max_age_s: i64) -> HeaderValue {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_s}{secure}");
    // Tokens are base64url and dots, so this cannot fail.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
