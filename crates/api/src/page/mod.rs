//! Pages for people: they need no internet, and no script or style that is not a file of ours.

mod dashboard;
mod docs;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

use crate::router::State;

/// All pages.
pub fn pages() -> Router<State> {
    Router::new()
        .route("/", get(async || Redirect::to("/dashboard")))
        .route("/docs", get(docs::index))
        .route("/docs/{file}", get(docs::file))
        .route("/redoc", get(async || Redirect::to("/docs")))
        .route("/dashboard", get(dashboard::dashboard))
        .route("/login", get(dashboard::login))
        .route("/static/{file}", get(dashboard::file))
}
