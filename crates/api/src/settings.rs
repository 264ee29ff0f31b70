//! What an office may choose of its API.

use std::net::IpAddr;
use std::sync::Arc;

/// Settings of the API. Cheap to clone.
#[derive(Clone)]
pub struct ApiSettings(Arc<Values>);

/// The values behind [`ApiSettings`].
#[derive(Clone)]
pub struct Values {
    /// Most bytes of a body.
    pub body_limit: usize,
    /// Proxies whose `X-Forwarded-For` is believed (`TRUSTED_PROXY_HOSTS`); none by default.
    pub trusted_proxies: Vec<IpAddr>,
    /// `ENVIRONMENT`.
    pub environment: String,
    /// The bot's own secret for `/telegram/*`; without one only users with a token may call.
    pub service_token: Option<String>,
    /// Whether cookies need TLS; off only for development.
    pub secure_cookies: bool,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self::new(Values {
            body_limit: 10 * 1024 * 1024,
            trusted_proxies: Vec::new(),
            environment: "development".to_owned(),
            service_token: None,
            secure_cookies: false,
        })
    }
}

impl ApiSettings {
    /// Settings of these values.
    pub fn new(values: Values) -> Self {
        Self(Arc::new(values))
    }
}

impl std::ops::Deref for ApiSettings {
    type Target = Values;

    fn deref(&self) -> &Values {
        &self.0
    }
}
