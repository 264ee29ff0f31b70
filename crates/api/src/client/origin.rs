//! The public origin of this office (scheme, host and port), and whether a page may act by the
//! cookies of its reader. Routes that accept a cookie, sign-in and sockets use this one check.

use axum::extract::FromRef;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use serde_json::Value;
use url::Url;

use super::ClientAddress;
use super::hop::{parameter, split_unquoted};
use crate::error::{ApiError, Result};
use crate::problem::{FieldError, Problem};
use crate::settings::ApiSettings;

/// Most characters of an origin in answers and in the log.
const MOST_SHOWN: usize = 200;

/// Reads an origin and gives it as browsers write it: `http` or `https`, the host in lower case, the
/// port unless it is the scheme's own, and nothing else.
pub fn read_origin(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let is_bare = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    is_bare.then(|| url.origin().ascii_serialization())
}

/// The page that a request was sent by, compared with the public origin.
pub struct PageOrigin {
    /// What `Origin` says; none where there is no such header.
    named: Option<String>,
    /// Whether it is our own or one of `cors_origins`.
    is_allowed: bool,
    /// Our own; none where the request does not say under which name it reached us.
    expected: Option<String>,
    /// Where that is taken from.
    source: &'static str,
    settings: ApiSettings,
}

impl PageOrigin {
    /// The page of this request.
    pub fn new(parts: &Parts, settings: &ApiSettings) -> Self {
        let (expected, source) = public_origin(parts, settings);
        let mut lines = parts.headers.get_all(header::ORIGIN).iter();
        let (first, second) = (lines.next(), lines.next());
        let read = first.filter(|_| second.is_none()).and_then(|value| read_origin(value.to_str().ok()?));
        let is_allowed = read.is_some_and(|origin| {
            expected.as_ref() == Some(&origin) || settings.cors_origins.iter().any(|listed| *listed == origin)
        });
        let named = first.map(|value| shown(&String::from_utf8_lossy(value.as_bytes())));
        Self { named, is_allowed, expected, source, settings: settings.clone() }
    }

    /// Whether browsers reach us by TLS.
    pub fn is_secure(&self) -> bool {
        self.expected.as_ref().is_some_and(|origin| origin.starts_with("https:"))
    }

    /// Refuses a page of another origin; programs, which name none, may pass.
    ///
    /// # Errors
    /// 403 that names both origins and what would make them one.
    pub fn refuse_foreign(&self) -> Result<()> {
        if self.named.is_none() || self.is_allowed { Ok(()) } else { Err(self.refusal()) }
    }

    /// Refuses whatever is not known to come from a page that may act by a cookie.
    ///
    /// # Errors
    /// As [`Self::refuse_foreign`], also where no origin is named.
    pub fn require_own(&self) -> Result<()> {
        if self.is_allowed { Ok(()) } else { Err(self.refusal()) }
    }

    fn refusal(&self) -> ApiError {
        let named = self.named.as_deref().unwrap_or("(sin Origin)");
        let expected = self.expected.as_deref().map_or_else(|| "(sin Host)".to_owned(), shown);
        if self.settings.trusted_proxies.reported_origins().is_first((named.to_owned(), expected.clone())) {
            tracing::warn!(
                code = "origin_not_allowed",
                origin = named,
                expected,
                source = self.source,
                "a page of another origin was refused: if it is our own, the proxy must pass on Host with its port, \
                 or X-Forwarded-Host and X-Forwarded-Proto as one of trusted_proxies, or public_url must be set"
            );
        }
        let detail = format!(
            "El origen de la página, {named}, no es el de esta oficina, {expected} (según {}), ni está en \
             cors_origins. Si hay un proxy, que pase Host con su puerto (nginx: proxy_set_header Host $http_host), o \
             X-Forwarded-Host y X-Forwarded-Proto desde una dirección de trusted_proxies; o fije public_url \
             (GAD_PUBLIC_URL).",
            self.source
        );
        let input = self.named.clone().map_or(Value::Null, Value::from);
        let msg = format!("must be {expected} or one of cors_origins");
        let errors = vec![FieldError::new("value_error", "header", "Origin", msg, input)];
        Problem { errors, ..Problem::new(StatusCode::FORBIDDEN, "origin_not_allowed", detail) }.into()
    }
}

impl<S> FromRequestParts<S> for PageOrigin
where
    S: Send + Sync,
    ApiSettings: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::new(parts, &ApiSettings::from_ref(state)))
    }
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MOST_SHOWN).collect()
}

/// The origin under which browsers reach us, and where it is taken from: the setting, else what a
/// trusted proxy says, else `Host`. Without a word on the scheme it is `https` where cookies need
/// TLS.
fn public_origin(parts: &Parts, settings: &ApiSettings) -> (Option<String>, &'static str) {
    if let Some(origin) = &settings.public_url {
        return (Some(origin.clone()), "public_url");
    }
    let headers = &parts.headers;
    let is_proxied = ClientAddress::in_request(parts).is_some_and(|client| client.is_peer_trusted);
    let said = |name, of| if is_proxied { forwarded(headers, name, of) } else { None };
    let own = if settings.secure_cookies { "https" } else { "http" };
    let scheme = said("x-forwarded-proto", "proto").and_then(scheme).unwrap_or(own);
    let (host, source) = match said("x-forwarded-host", "host") {
        Some(host) => (Some(host), "X-Forwarded-Host"),
        // The target in absolute form is above the header (RFC 9112, 3.2.2).
        None => match parts.uri.authority() {
            Some(authority) => (Some(authority.as_str()), "Host"),
            None => (headers.get(header::HOST).and_then(|host| host.to_str().ok()), "Host"),
        },
    };
    let origin = host.and_then(|host| {
        let port = said("x-forwarded-port", "port").filter(|_| !has_port(host));
        read_origin(&match port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        })
    });
    (origin, source)
}

/// The scheme of the page behind a request. Some proxies name the protocol of a socket when it is opened.
fn scheme(protocol: &str) -> Option<&'static str> {
    match protocol.to_ascii_lowercase().as_str() {
        "https" | "wss" => Some("https"),
        "http" | "ws" => Some("http"),
        _ => None,
    }
}

fn has_port(host: &str) -> bool {
    host.rsplit(']').next().is_some_and(|after| after.contains(':'))
}

/// What the nearest proxy says: the last element of a header, or in its absence of the parameter of
/// `Forwarded`.
fn forwarded<'h>(headers: &'h HeaderMap, name: &'static str, of: &str) -> Option<&'h str> {
    let last = |name: HeaderName| {
        let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        split_unquoted(line, ',').into_iter().next_back()
    };
    let found = match last(HeaderName::from_static(name)) {
        Some(value) => Some(value),
        None => last(header::FORWARDED).and_then(|element| parameter(element, of)),
    };
    found.map(str::trim).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_as_browsers_write_them() {
        for (text, origin) in [
            ("https://oficina.example", "https://oficina.example"),
            ("https://Oficina.Example:443", "https://oficina.example"),
            ("http://oficina.example:80/", "http://oficina.example"),
            ("http://oficina.example:443", "http://oficina.example:443"),
            ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
            ("https://peñón.example", "https://xn--pen-fta5g.example"),
        ] {
            if text.is_ascii() {
                assert_eq!(read_origin(text).as_deref(), Some(origin), "{text}");
            } else {
                assert!(read_origin(text).is_some_and(|origin| origin.is_ascii()), "{text}");
            }
        }
        for text in [
            "",
            "null",
            "*",
            "oficina.example",
            "x://oficina.example",
            "file:///",
            "https://",
            "https://a/b",
            "https://u@a",
            "https://u:p@a",
            "https://a?b",
            "https://a#b",
            "https://a b",
            "https://a:99999",
        ] {
            assert_eq!(read_origin(text), None, "{text}");
        }
    }

    #[test]
    fn a_port_is_told_from_an_ipv6_address() {
        assert!(has_port("a:80") && has_port("[::1]:80") && !has_port("a") && !has_port("[::1]"));
    }
}
