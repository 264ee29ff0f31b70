//! How the office is served.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use api::{TrustedProxy, read_origin};
use axum::http::HeaderValue;
use clap::Args;
use clap::builder::BoolishValueParser;
use url::Url;

use super::{Map, Role, TelegramBot, Wire};

/// How the office is served.
#[derive(Clone, Args)]
#[command(next_help_heading = "Server")]
pub struct Server {
    /// Address to listen on; port 0 takes a free one, `:8000` all addresses.
    #[arg(long, env = "GAD_LISTEN", default_value = "127.0.0.1:8000", value_name = "ADDRESS:PORT",
          value_parser = address)]
    pub listen: SocketAddr,
    /// Seconds that a start waits for what is missing (the database, the data directory, the address) before it
    /// fails; 0 to fail at once. Without it, it waits as long as it takes.
    #[arg(long, env = "GAD_START_TIMEOUT", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub start_timeout: Option<u64>,
    /// What this process does, comma-separated: `api` answers requests and sockets, `bot` hears and
    /// speaks on Telegram, `worker` does what nobody asks for. Some process of the office must do each;
    /// one that is no `api` still answers for its health and its figures.
    #[arg(long, env = "GAD_ROLES", value_delimiter = ',', default_value = "api,bot,worker", value_name = "ROLES")]
    pub roles: Vec<Role>,
    /// `redis://…`, or `rediss://…` for TLS, over which replicas tell each other of events and share
    /// cache and rate limits; without it a replica looks at the log, at most half a second late.
    #[arg(long, env = "GAD_REDIS_URL", hide_env_values = true, value_name = "URL")]
    pub redis_url: Option<String>,
    /// Certificates in PEM of the authorities that may sign that of a `rediss://` server, in place of
    /// the system's.
    #[arg(long, env = "GAD_REDIS_CA_FILE", value_name = "FILE")]
    pub redis_ca_file: Option<PathBuf>,
    /// Proxies whose `X-Forwarded-For`, `-Host`, `-Proto` and `X-Real-IP` are believed, comma-separated
    /// addresses, networks and host names, like `10.0.0.7,172.18.0.0/16,caddy`; names are resolved
    /// again every half minute.
    #[arg(long, env = "TRUSTED_PROXY_HOSTS", value_delimiter = ',', value_name = "PROXIES")]
    pub trusted_proxies: Vec<TrustedProxy>,
    /// Where browsers reach this office, like `https://oficina.example.org`; without it, what trusted
    /// proxies say in `X-Forwarded-Host` and `-Proto`, or `Host`. Changes on a cookie, sign-in and
    /// sockets are refused to pages of other origins.
    #[arg(long, env = "GAD_PUBLIC_URL", value_name = "ORIGIN", value_parser = public_url)]
    pub public_url: Option<String>,
    /// The bot's own secret for `/telegram/*`; without one only users with a token may call.
    #[arg(long, env = "GAD_SERVICE_TOKEN", hide_env_values = true, value_name = "SECRET", value_parser = bearer)]
    pub service_token: Option<String>,
    /// Whether clients that ask too often are refused.
    #[arg(long, env = "RATE_LIMITING_ENABLED", default_value_t = true, action = clap::ArgAction::Set,
          value_parser = BoolishValueParser::new())]
    pub rate_limiting: bool,
    /// Origins whose pages may ask, comma-separated, like `https://mapa.example.org`.
    #[arg(long, env = "CORS_ALLOWED_ORIGINS", value_delimiter = ',', value_name = "ORIGINS", value_parser = origin)]
    pub cors_origins: Vec<HeaderValue>,
    /// Whether these pages may send cookies.
    #[arg(long, env = "CORS_ALLOW_CREDENTIALS", default_value_t = false, action = clap::ArgAction::Set,
          value_parser = BoolishValueParser::new())]
    pub cors_credentials: bool,
    /// Whether figures are collected and served at `/metrics`.
    #[arg(long, env = "PROMETHEUS_ENABLED", default_value_t = true, action = clap::ArgAction::Set,
          value_parser = BoolishValueParser::new())]
    pub prometheus: bool,
    /// What a scraper must show as a bearer token; without one only this machine may scrape.
    #[arg(long, env = "GAD_METRICS_TOKEN", hide_env_values = true, value_name = "SECRET", value_parser = bearer)]
    pub metrics_token: Option<String>,
    /// Most sockets of this process.
    #[arg(long, env = "WS_MAX_CONNECTIONS", default_value_t = 10_000, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub ws_max_connections: u32,
    /// Seconds between two signs of life on a socket; a peer that misses two is sent away.
    #[arg(long, env = "WS_HEARTBEAT_INTERVAL", default_value_t = 30, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub ws_heartbeat: u64,
    /// Days that events are kept for those who come back.
    #[arg(long, env = "GAD_EVENT_DAYS", default_value_t = 7, value_name = "DAYS",
          value_parser = clap::value_parser!(i64).range(1..=365))]
    pub event_days: i64,
    /// Lines of the audit that are not under a checkpoint when the next one is signed.
    #[arg(long, env = "GAD_AUDIT_CHECKPOINT_LINES", default_value_t = 1000, value_name = "N",
          value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    pub audit_checkpoint_lines: i64,
    /// Minutes after which a checkpoint is signed over fewer lines.
    #[arg(long, env = "GAD_AUDIT_CHECKPOINT_MINUTES", default_value_t = 15, value_name = "MINUTES",
          value_parser = clap::value_parser!(i64).range(1..=1440))]
    pub audit_checkpoint_minutes: i64,
    /// Seconds over which sockets are sent away when the process stops.
    #[arg(long, env = "GAD_SHUTDOWN_SPREAD", default_value_t = 3, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(0..=20))]
    pub shutdown_spread: u64,
    /// Seconds to go on serving after readiness went off, so that balancers stop sending first.
    #[arg(long, env = "GAD_DRAIN_DELAY", default_value_t = 0, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(0..=30))]
    pub drain_delay: u64,
    /// Requests in hand at once, beyond which more are refused with 503; the limit falls below this
    /// by itself while answers are late.
    #[arg(long, env = "GAD_ADMISSION_SOFT", default_value_t = 800, value_name = "N",
          value_parser = clap::value_parser!(u32).range(16..=100_000))]
    pub admission_soft: u32,
    /// The same for emergencies and health, which are refused last.
    #[arg(long, env = "GAD_ADMISSION_HARD", default_value_t = 1000, value_name = "N",
          value_parser = clap::value_parser!(u32).range(16..=100_000))]
    pub admission_hard: u32,
    /// Seconds for one request; what is left of them bounds every wait under it.
    #[arg(long, env = "GAD_REQUEST_TIMEOUT", default_value_t = 15, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=300))]
    pub request_timeout: u64,
    /// Milliseconds from which a request is said in the log, with what it waited for; 0 for each.
    #[arg(long, env = "GAD_SLOW_REQUEST_MS", default_value_t = 500, value_name = "MS",
          value_parser = clap::value_parser!(u64).range(0..=60_000))]
    pub slow_request_ms: u64,
    /// Collector of traces (OTLP over HTTP, protobuf), like `http://127.0.0.1:4318`; without one
    /// none are sent.
    #[arg(long, env = "GAD_OTLP_ENDPOINT", value_name = "URL", value_parser = crate::http::address)]
    pub otlp_endpoint: Option<Url>,
    /// What is logged: a level (also by the names of Python, like `WARNING`), or a filter like `info,sqlx=warn`.
    #[arg(long, env = "LOG_LEVEL", default_value = "info", value_name = "FILTER", value_parser = crate::log::read_filter)]
    pub log_level: String,
    /// Who gets a connection.
    #[command(flatten)]
    pub wire: Wire,
    /// What its map is drawn on.
    #[command(flatten)]
    pub map: Map,
    /// How it is reached on Telegram.
    #[command(flatten)]
    pub telegram: TelegramBot,
}

impl Server {
    /// Whether this process does that.
    pub fn does(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// An address and a port; `:8000` and `*:8000` are all addresses, and `localhost` is this machine.
fn address(text: &str) -> Result<SocketAddr, String> {
    let host = |host: &str| -> Option<IpAddr> {
        match host {
            "" | "*" => Some(Ipv6Addr::UNSPECIFIED.into()),
            "localhost" => Some(Ipv4Addr::LOCALHOST.into()),
            _ => None,
        }
    };
    let named = text.rsplit_once(':').and_then(|(name, port)| {
        let port = port.bytes().all(|byte| byte.is_ascii_digit()).then_some(port)?;
        Some(SocketAddr::new(host(&name.to_ascii_lowercase())?, port.parse().ok()?))
    });
    let wanted = "must be an address and a port, like 127.0.0.1:8000, [::1]:8000, localhost:8000 or :8000";
    named.or_else(|| text.parse().ok()).ok_or_else(|| wanted.to_owned())
}

/// A secret that is shown in a header.
fn bearer(text: &str) -> Result<String, String> {
    if text.is_empty() || !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Err("must hold visible ASCII characters only".to_owned());
    }
    Ok(text.to_owned())
}

/// An origin as browsers send it: scheme, host and port, and nothing after them but a slash.
pub(super) fn origin(text: &str) -> Result<HeaderValue, String> {
    let text = text.trim();
    let is_ascii = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains('*');
    let origin = is_ascii.then(|| read_origin(text)).flatten();
    let origin = origin.ok_or("must be http:// or https://, a host and maybe a port")?;
    HeaderValue::from_str(&origin).map_err(|_| "must hold visible ASCII characters only".to_owned())
}

/// The same as text.
fn public_url(text: &str) -> Result<String, String> {
    let wanted = "must be http:// or https://, a host and maybe a port, like https://oficina.example.org";
    read_origin(text).ok_or_else(|| wanted.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_the_spellings_of_other_tools() {
        for (text, read) in [
            ("127.0.0.1:8000", "127.0.0.1:8000"),
            ("0.0.0.0:0", "0.0.0.0:0"),
            ("[::1]:8000", "[::1]:8000"),
            (":8000", "[::]:8000"),
            ("*:8000", "[::]:8000"),
            ("LocalHost:8000", "127.0.0.1:8000"),
        ] {
            assert_eq!(address(text), Ok(read.parse().unwrap()), "{text}");
        }
        for text in ["", "8000", ":", ":x", ":+80", ":99999", ":::8000", "::1:8000", "oficina:8000", "127.0.0.1"] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
