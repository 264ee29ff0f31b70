//! The sign-in page, and the first page behind it.

use app::policy::{self, Permission};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};

use crate::error::ApiError;
use crate::extract::MaybeActor;
use crate::layer;

/// Tasks and officers at a glance, for administrators; others are sent to sign in.
pub async fn dashboard(MaybeActor(actor): MaybeActor) -> Response {
    let Some(actor) = actor else { return Redirect::to("/login").into_response() };
    match policy::require(&actor, Permission::ConfigureSystem) {
        Ok(()) => html(include_str!("../../static/dashboard.html")),
        Err(refusal) => ApiError::from(refusal).into_response(),
    }
}

/// Where people sign in.
pub async fn login() -> Response {
    html(include_str!("../../static/login.html"))
}

/// A script or style of the pages.
pub async fn file(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "login.js" => ("text/javascript; charset=utf-8", include_str!("../../static/login.js")),
        "dashboard.js" => ("text/javascript; charset=utf-8", include_str!("../../static/dashboard.js")),
        "pages.css" => ("text/css; charset=utf-8", include_str!("../../static/pages.css")),
        _ => return layer::not_found().await.into_response(),
    };
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn html(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], text).into_response()
}
