//! The interactive page of the API: Swagger UI out of the binary.

use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa_swagger_ui::Config;

use super::html;
use crate::layer;

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| Arc::new(Config::new(["/api/v1/openapi.json"])));

/// The page itself. Ours and not Swagger UI's own, which lets people load documents of other hosts.
pub async fn index() -> Response {
    html(include_str!("../../static/docs.html"))
}

/// A script, style or picture of Swagger UI.
pub async fn file(Path(name): Path<String>) -> Response {
    match utoipa_swagger_ui::serve(&name, CONFIG.clone()).ok().flatten() {
        Some(file) => ([(header::CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response(),
        None => layer::not_found().await.into_response(),
    }
}
