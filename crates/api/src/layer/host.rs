//! A request of HTTP/1.1 has one line with `Host`, and a name in it (RFC 9112, 3.2).

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, Version, header};

use crate::problem::Problem;

/// Why a request is refused for its `Host`, if it is.
pub fn unsound_host(request: &Request) -> Option<Problem> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let is_sound = match (lines.next(), lines.next()) {
        (None, _) => request.version() < Version::HTTP_11,
        (Some(host), None) => is_host(host),
        (Some(_), Some(_)) => false,
    };
    (!is_sound).then(|| {
        let detail = "A request must have one Host header with a host and maybe a port";
        Problem::new(StatusCode::BAD_REQUEST, "bad_host", detail)
    })
}

/// A host with or without a port, or nothing, as the standard allows where the target names none. A comma
/// joins the values of two lines.
fn is_host(value: &HeaderValue) -> bool {
    if value.is_empty() {
        return true;
    }
    let Ok(authority) = Authority::try_from(value.as_bytes()) else { return false };
    let port = &authority.as_str()[authority.host().len()..];
    let is_port =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok());
    !authority.host().is_empty() && !authority.as_str().contains(['@', ',']) && is_port
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn one_sound_line_is_asked_for() {
        let refused = |version, hosts: &[&'static str]| {
            let mut request = Request::builder().version(version).uri("/health");
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            unsound_host(&request.body(Body::empty()).unwrap()).is_some()
        };
        for host in ["a", "a:8000", "127.0.0.1:1", "[::1]:80", "oficina.example", "", "a:"] {
            assert!(!refused(Version::HTTP_11, &[host]), "{host}");
        }
        for host in ["a/b", "a b", "u@a", "a:x", "a:99999", "a,b", "http://a"] {
            assert!(refused(Version::HTTP_11, &[host]), "{host}");
        }
        assert!(refused(Version::HTTP_11, &[]) && refused(Version::HTTP_11, &["a", "a"]));
        assert!(!refused(Version::HTTP_10, &[]) && refused(Version::HTTP_10, &["a", "b"]));
    }
}
