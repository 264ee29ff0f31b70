//! The dashboard: files that `npm run build` in `web/` left, within the binary. A build without them
//! serves a page that says how to make them.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::html;
use crate::layer;

/// A debug build reads them from the disk at each request, so that a new one is seen at once.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// What the name of a file says of it never changes: the name has a hash of the content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The one page, whose script shows the screen of the address.
pub async fn index() -> Response {
    match Files::get("index.html") {
        Some(file) => {
            let mut response = html(include_str!("../../static/unbuilt.html"));
            *response.body_mut() = Body::from(file.data.into_owned());
            response
        }
        None => html(include_str!("../../static/unbuilt.html")),
    }
}

/// A script, style, font or piece of the map.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(kind) = kind(&name) else { return layer::not_found().await.into_response() };
    let path = format!("assets/{name}");
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let packed = [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(encoding, ending)| {
        let is_accepted = accepted.split(',').any(|one| one.trim() == encoding);
        Some((encoding, is_accepted.then(|| Files::get(&format!("{path}.{ending}"))).flatten()?))
    });
    let (encoding, file) = match packed {
        Some((encoding, file)) => (Some(encoding), Some(file)),
        None => (None, Files::get(&path)),
    };
    let Some(file) = file else { return layer::not_found().await.into_response() };
    let mut response = Body::from(file.data.into_owned()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, FOREVER);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn kind(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => return None,
    })
}
