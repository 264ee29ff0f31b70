//! Headers that every response carries (contract §7.2).

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

use crate::settings::ApiSettings;

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_XSS_PROTECTION, "1; mode=block"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("x-government-service"), "GRUPO_GAD"),
];

/// What answers that are data may use of the machine, and what our pages may: where they are opened.
const SENSES: [&str; 2] = ["geolocation=(), microphone=(), camera=()", "geolocation=(self), microphone=(), camera=()"];
/// Policy for answers that are data.
const DATA: &str = "default-src 'none'; frame-ancestors 'none';";
/// Policy for our own pages.
const PAGES: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
                     connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The same where the map comes from other hosts: its style, tiles, letters and marks.
fn pages_with_map(origins: &[String]) -> Option<HeaderValue> {
    let origins = origins.join(" ");
    let policy = PAGES.replace("data:;", &format!("data: {origins};"));
    let policy = policy.replace("connect-src 'self';", &format!("connect-src 'self' {origins};"));
    HeaderValue::from_str(&policy).ok()
}

/// How long a browser that came by TLS comes by TLS only.
const TLS: &str = "max-age=31536000; includeSubDomains";

/// Whether the answer will be data, and not a page.
pub fn is_data(request: &Request) -> bool {
    request.uri().path().starts_with("/api/")
}

/// Adds the security headers.
pub fn secure(response: &mut Response, settings: &ApiSettings, is_data: bool) {
    let headers = response.headers_mut();
    headers.reserve(ALWAYS.len() + 4);
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let senses = HeaderValue::from_static(SENSES[usize::from(!is_data)]);
    headers.insert(HeaderName::from_static("permissions-policy"), senses);
    // Cookies that need TLS say that TLS is there; browsers ignore this without it.
    if settings.secure_cookies {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TLS));
    }
    let abroad = (!is_data && settings.map.style.is_some()).then(|| pages_with_map(&settings.map.origins)).flatten();
    let policy = abroad.unwrap_or(HeaderValue::from_static(if is_data { DATA } else { PAGES }));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    if is_data {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
}
