//! Which pages of other origins may ask (contract §7.2): none but those that the office names.

use std::time::Duration;

use axum::http::HeaderName;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::settings::ApiSettings;

/// The layer for the named origins; with none it allows nothing.
pub fn cors(settings: &ApiSettings) -> CorsLayer {
    if settings.cors_origins.is_empty() {
        return CorsLayer::new();
    }
    let exposed = [
        "etag",
        "retry-after",
        "traceparent",
        "x-request-id",
        "x-ratelimit-limit",
        "x-ratelimit-window",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "location",
        "x-next-cursor",
        "x-total-count",
    ];
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(settings.cors_origins.iter().cloned()))
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(settings.cors_credentials)
        .expose_headers(exposed.map(HeaderName::from_static))
        .max_age(Duration::from_secs(600))
}
