//! What an office may choose of its API.

use std::sync::Arc;
use std::time::Duration;

use app::admin::LogFilter;
use app::note::Files;
use async_trait::async_trait;
use axum::http::HeaderValue;
use metrics_exporter_prometheus::PrometheusHandle;
use resilience::{Admission, Bounds, CancellationToken, Dependency};
use tokio::sync::watch;

use crate::client::TrustedProxies;
use crate::telegram::webhook::Webhook;
use crate::ws::hub::{Hub, HubSettings};

/// Settings of the API. Cheap to clone.
#[derive(Clone)]
pub struct ApiSettings(Arc<Values>);

/// The values behind [`ApiSettings`].
#[derive(Clone)]
pub struct Values {
    /// Most bytes of a body.
    pub body_limit: usize,
    /// What is served.
    pub offer: Offer,
    /// Proxies whose word on the client is believed (`TRUSTED_PROXY_HOSTS`); none by default.
    pub trusted_proxies: TrustedProxies,
    /// The origin under which browsers reach us, as [`crate::read_origin`] gives it; by itself what
    /// trusted proxies say, or `Host`.
    pub public_url: Option<String>,
    /// `ENVIRONMENT`.
    pub environment: String,
    /// The bot's own secret for `/telegram/*`; without one only users with a token may call.
    pub service_token: Option<String>,
    /// Where Telegram posts updates; none when they are asked for, or there is no bot.
    pub webhook: Option<Webhook>,
    /// Telegram, where there is a bot.
    pub telegram: Option<Dependency>,
    /// How readiness names a bot that is wanted and could not be started; none where there is no such bot.
    pub telegram_failure: Option<&'static str>,
    /// Fetches files that people sent over Telegram; none where there is no bot.
    pub files: Option<Arc<dyn Files>>,
    /// Whether cookies need TLS; off only for development.
    pub secure_cookies: bool,
    /// Whether clients that ask too often are refused (`RATE_LIMITING_ENABLED`).
    pub rate_limiting: bool,
    /// Origins whose pages may ask (`CORS_ALLOWED_ORIGINS`), as [`crate::read_origin`] gives them;
    /// none by default.
    pub cors_origins: Vec<HeaderValue>,
    /// Whether they may send cookies (`CORS_ALLOW_CREDENTIALS`).
    pub cors_credentials: bool,
    /// Where figures are read; none when nobody collects them.
    pub metrics: Option<PrometheusHandle>,
    /// Brings figures up to date that are read rather than counted.
    pub gauges: Option<Arc<dyn Gauges>>,
    /// What a scraper must show; without one only this machine may scrape.
    pub metrics_token: Option<String>,
    /// Cancelled when the office stops, so that no more requests are sent here.
    pub draining: CancellationToken,
    /// What all sockets of this process share.
    pub hub: Hub,
    /// What the machine has left, measured from time to time.
    pub resources: watch::Receiver<Option<Resources>>,
    /// How many requests that only look may be in hand at once.
    pub reads: Admission,
    /// How many of those that change something.
    pub changes: Admission,
    /// Longest time for one request; what is left of it bounds every wait under it.
    pub request_limit: Duration,
    /// What is logged of requests, and traced.
    pub log: Logging,
    /// What the dashboard's map is drawn on.
    pub map: MapSource,
}

/// What the dashboard's map is drawn on; by itself, on the outlines of countries in the binary.
#[derive(Clone, Default)]
pub struct MapSource {
    /// A style in the format of `MapLibre`.
    pub style: Option<url::Url>,
    /// Origins that the style and what it names come from; pages may ask no others.
    pub origins: Vec<String>,
}

/// What a process serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// All that there is.
    All,
    /// Only health, figures and what Telegram posts.
    Vitals,
}

/// What is logged of requests, and traced.
#[derive(Clone)]
pub struct Logging {
    /// A request that takes as long is said in the log.
    pub slow_request: Duration,
    /// Whether spans are collected.
    pub traces: bool,
    /// What chooses what is logged; none where that is not ours to choose.
    pub filter: Option<Arc<dyn LogFilter>>,
}

impl Default for Logging {
    fn default() -> Self {
        Self { slow_request: Duration::from_millis(500), traces: false, filter: None }
    }
}

/// Figures that are read rather than counted: of tasks, of the runtime, of pools.
#[async_trait]
pub trait Gauges: Send + Sync {
    /// Reads them, just before they are shown.
    async fn refresh(&self);
}

/// Use of the machine, in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resources {
    /// Of its memory.
    pub memory_percent: f64,
    /// Of the file system that holds the record, where it is known.
    pub disk_percent: Option<f64>,
    /// Of its processors, since the measurement before.
    pub cpu_percent: f64,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self::new(Values {
            body_limit: 10 * 1024 * 1024,
            offer: Offer::All,
            trusted_proxies: TrustedProxies::default(),
            public_url: None,
            environment: "development".to_owned(),
            service_token: None,
            webhook: None,
            telegram: None,
            telegram_failure: None,
            files: None,
            secure_cookies: false,
            rate_limiting: false,
            cors_origins: Vec::new(),
            cors_credentials: false,
            metrics: None,
            gauges: None,
            metrics_token: None,
            draining: CancellationToken::new(),
            hub: Hub::new(HubSettings::default()),
            resources: watch::channel(None).1,
            reads: Admission::new(Bounds::of_reads(800, 1000)),
            changes: Admission::new(Bounds::of_changes(800, 1000)),
            request_limit: Duration::from_secs(15),
            log: Logging::default(),
            map: MapSource::default(),
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
