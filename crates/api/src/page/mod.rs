//! Pages for people: they need no internet, and no script or style that is not a file of ours.

mod dashboard;
mod docs;
mod web;

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::layer;
use crate::router::State;

/// All pages.
pub fn pages() -> Router<State> {
    let screens = web::SCREENS.into_iter().fold(Router::new(), |pages, at| pages.route(at, get(web::index)));
    screens
        .route("/assets/{file}", get(web::asset))
        .route("/config.json", get(web::config))
        .route("/docs", get(docs::index))
        .route("/docs/{file}", get(docs::file))
        .route("/redoc", get(async || Redirect::to("/docs")))
        .route("/dashboard", get(dashboard::dashboard))
        .route("/static/{file}", get(file))
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// A script, style or picture of the pages.
async fn file(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "docs.css" => (STYLE, include_str!("../../static/docs.css")),
        "docs.js" => (SCRIPT, include_str!("../../static/docs.js")),
        "icon.svg" => ("image/svg+xml", include_str!("../../static/icon.svg")),
        "pages.css" => (STYLE, include_str!("../../static/pages.css")),
        _ => return layer::not_found().await.into_response(),
    };
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn html(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], text).into_response()
}
