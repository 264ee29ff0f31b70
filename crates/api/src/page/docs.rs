//! The interactive page of the API: Swagger UI out of the binary.

use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa_swagger_ui::{Config, SwaggerFile};

use crate::layer;

static CONFIG: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::new(["/api/v1/openapi.json"]).validator_url("none")));

/// The page itself. Its files are named from the root, since it has no slash at its end.
pub async fn index() -> Response {
    match read("index.html") {
        Some(file) => {
            let html = String::from_utf8_lossy(&file.bytes)
                .replace("\"./", "\"/docs/")
                .replace("\"index.css\"", "\"/docs/index.css\"");
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
        }
        None => layer::not_found().await.into_response(),
    }
}

/// A script, style or picture of the page.
pub async fn file(Path(name): Path<String>) -> Response {
    match read(&name) {
        Some(file) => ([(header::CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response(),
        None => layer::not_found().await.into_response(),
    }
}

fn read(name: &str) -> Option<SwaggerFile<'static>> {
    utoipa_swagger_ui::serve(name, CONFIG.clone()).ok().flatten()
}
