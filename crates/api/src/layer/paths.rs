//! Both spellings of a path, with and without the slash at its end, are answered directly.

use axum::extract::Request;
use axum::http::Uri;

/// Collections whose path ends in a slash.
const WITH_SLASH: [&str; 2] = ["/api/v1/users", "/api/v1/tasks"];

/// Rewrites the other spelling of a path to the one that is routed.
pub fn canonical_path(mut request: Request) -> Request {
    let path = request.uri().path();
    let bare = path.strip_suffix('/').unwrap_or(path);
    let has_slash = WITH_SLASH.contains(&bare);
    if !bare.is_empty() && has_slash != path.ends_with('/') {
        let canonical = if has_slash { format!("{bare}/") } else { bare.to_owned() };
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        if let Ok(path_and_query) = format!("{canonical}{query}").parse() {
            let mut parts = request.uri().clone().into_parts();
            parts.path_and_query = Some(path_and_query);
            if let Ok(uri) = Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
    }
    request
}
