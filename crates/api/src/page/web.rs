//! The dashboard: files that `npm run build` in `web/` left, within the binary. A build without them
//! serves a page that says how to make them.

use std::borrow::Cow;

use app::Context;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde_json::json;

use super::html;
use crate::extract::accepts;
use crate::layer;
use crate::settings::ApiSettings;

/// A debug build reads them from the disk at each request, so that a new one is seen at once.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Addresses of screens; the page's script knows which screen is at which.
pub const SCREENS: [&str; 13] = [
    "/",
    "/login",
    "/tareas",
    "/tareas/{id}",
    "/nueva",
    "/emergencia",
    "/efectivos",
    "/efectivos/{id}",
    "/informes",
    "/usuarios",
    "/sesiones",
    "/auditoria",
    "/sistema",
];

/// What the name of a file says of it never changes: the name has a hash of the content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The one page, whose script shows the screen of the address.
pub async fn index() -> Response {
    let mut response = html(include_str!("../../static/unbuilt.html"));
    if let Some(file) = Files::get("index.html") {
        *response.body_mut() = body(file);
    }
    response
}

/// What the page's script must know of this office before anybody has signed in.
pub async fn config(State(settings): State<ApiSettings>, State(cx): State<Context>) -> Response {
    let style = settings.map.style.as_ref().map(url::Url::as_str);
    let config = json!({ "map_style_url": style, "time_zone": cx.settings.time_zone.name() });
    ([(header::CACHE_CONTROL, "no-cache")], axum::Json(config)).into_response()
}

/// A script, style, font or piece of the map.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(kind) = kind(&name) else { return layer::not_found().await.into_response() };
    let path = format!("assets/{name}");
    let takes = |encoding: &str| accepts(&headers, header::ACCEPT_ENCODING, encoding);
    let packed = [("br", "br"), ("gzip", "gz")].into_iter().filter(|(encoding, _)| takes(encoding));
    let packed = packed.filter_map(|(encoding, ending)| Some((encoding, Files::get(&format!("{path}.{ending}"))?)));
    let (encoding, file) = match packed.map(|(encoding, file)| (Some(encoding), Some(file))).next() {
        Some(found) => found,
        None => (None, Files::get(&path)),
    };
    let Some(file) = file else { return layer::not_found().await.into_response() };
    let mut response = body(file).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, FOREVER);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn body(file: EmbeddedFile) -> Body {
    Body::from(match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    })
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
