//! Who the client of a request is, and under what address it knows this office. Everything that
//! depends on the client's address (rate limits, lockout, connections, audit, `/metrics`) takes it
//! from here.

mod hop;
mod once;
mod origin;
mod proxies;

use std::net::IpAddr;

use app::auth::place_of;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Version, header};

use self::hop::{parameter, read_address, split_unquoted};
pub use self::origin::{PageOrigin, read_origin};
pub use self::proxies::{NoProxy, TrustedProxies, TrustedProxy};

const FORWARDED_FOR: &str = "x-forwarded-for";
const REAL_IP: &str = "x-real-ip";
const FORWARDED: &str = "forwarded";
/// Headers that proxies add. With any of them a request did not come straight from its client.
const BY_PROXIES: [&str; 6] = [FORWARDED_FOR, REAL_IP, FORWARDED, "x-forwarded-host", "x-forwarded-proto", "via"];

/// The client of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress {
    /// Its address, an IPv4-mapped one as IPv4.
    pub address: IpAddr,
    /// The other end of the connection: the client or a proxy.
    pub peer: IpAddr,
    /// Whether the peer is a listed proxy.
    pub is_peer_trusted: bool,
    /// Whether no proxy has left a trace.
    is_direct: bool,
    /// Whether the request names this machine as its host.
    is_for_loopback: bool,
}

impl ClientAddress {
    /// The client of a request, as the connection found it.
    pub fn in_request(parts: &Parts) -> Option<Self> {
        parts.extensions.get::<Self>().copied()
    }

    /// What is counted as one client: the address, of IPv6 the /64.
    pub fn counted_as(&self) -> IpAddr {
        place_of(self.address)
    }

    /// Whether it is another address than the peer's.
    pub fn is_behind_proxy(&self) -> bool {
        self.address != self.peer
    }

    /// Whether a program on this machine sent the request by itself, as far as can be seen. Behind a forwarder on
    /// this machine (`ssh -R`, stunnel, a proxy that adds no headers) every client has its address, so the
    /// request must also be for a host of the loopback, over a connection of HTTP/1.1 that stays open. An
    /// nginx that passes nothing on rewrites `Host`, but closes each connection.
    pub fn is_this_machine(&self) -> bool {
        self.is_direct && self.is_for_loopback && self.address.is_loopback()
    }
}

impl TrustedProxies {
    /// The client of a request with these headers from this peer: the nearest hop that is not a
    /// listed proxy, counted from the right of `X-Forwarded-For` (of several lines the last is the
    /// nearest), or in its absence of `X-Real-IP` or `Forwarded`. A hop that cannot be read ends the
    /// search: what is left of it may have been written by anybody.
    pub fn client(&self, peer: IpAddr, version: Version, headers: &HeaderMap) -> ClientAddress {
        let peer = peer.to_canonical();
        let is_for_loopback = version == Version::HTTP_11 && names_loopback(headers) && !closes(headers);
        let is_direct = !BY_PROXIES.iter().any(|name| headers.contains_key(*name));
        let is_peer_trusted = self.contains(peer);
        if !is_peer_trusted {
            if headers.contains_key(FORWARDED_FOR) && self.reported().is_first((peer, "not trusted")) {
                tracing::warn!(
                    code = "proxy_not_trusted",
                    %peer,
                    "X-Forwarded-For is ignored: the peer is not in trusted_proxies, so all who come through it \
                     count as one client"
                );
            }
            return ClientAddress { address: peer, peer, is_peer_trusted, is_direct, is_for_loopback };
        }
        let mut address = peer;
        for hop in hops(headers) {
            let Some(hop) = hop else {
                if self.reported().is_first((peer, "unreadable")) {
                    tracing::warn!(
                        code = "forwarded_unreadable",
                        %peer,
                        "a trusted proxy names a client that is no address; the last address before it is taken"
                    );
                }
                break;
            };
            address = hop;
            if !self.contains(hop) {
                break;
            }
        }
        ClientAddress { address, peer, is_peer_trusted, is_direct, is_for_loopback }
    }
}

/// Whether `Host` is `localhost` or an address of the loopback.
fn names_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| Authority::try_from(host.as_bytes()).ok());
    host.is_some_and(|host| {
        let name = host.host();
        let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        name.eq_ignore_ascii_case("localhost")
            || bare.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
    })
}

/// Whether the connection is to be closed after this request.
fn closes(headers: &HeaderMap) -> bool {
    let mut options = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    options.any(|line| line.split(',').any(|option| option.trim().eq_ignore_ascii_case("close")))
}

/// The hops of the first header that has any, nearest first; `None` for one that is no address.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let elements = |name: &str| -> Vec<Option<&str>> {
        let lines = headers.get_all(name).iter().rev().map(|line| line.to_str().ok());
        let elements = lines.flat_map(|line| match line {
            Some(line) => split_unquoted(line, ',').into_iter().rev().map(Some).collect(),
            None => vec![None],
        });
        // Lists may have empty elements (RFC 9110, 5.6.1).
        elements.filter(|element| element.is_none_or(|element| !element.trim().is_empty())).collect()
    };
    for name in [FORWARDED_FOR, REAL_IP] {
        let found = elements(name);
        if !found.is_empty() {
            return found.into_iter().map(|element| element.and_then(read_address)).collect();
        }
    }
    let found = elements(FORWARDED).into_iter();
    found.map(|element| element.and_then(|element| parameter(element, "for")).and_then(read_address)).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    /// Peer, headers, client.
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str);

    #[test]
    fn the_client_is_the_nearest_hop_that_is_no_listed_proxy() {
        let proxies = || TrustedProxies::new(["127.0.0.1", "10.0.0.0/8"].map(|entry| entry.parse().unwrap()));
        let table: &[Case] = &[
            ("192.0.2.9", &[], "192.0.2.9"),
            ("::ffff:192.0.2.9", &[], "192.0.2.9"),
            ("192.0.2.9", &[("x-forwarded-for", "203.0.113.7")], "192.0.2.9"),
            ("192.0.2.9", &[("x-real-ip", "203.0.113.7")], "192.0.2.9"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &[("x-forwarded-for", "203.0.113.7")], "203.0.113.7"),
            ("::ffff:127.0.0.1", &[("x-forwarded-for", "203.0.113.7:51234")], "203.0.113.7"),
            ("127.0.0.1", &[("x-forwarded-for", "::ffff:203.0.113.7")], "203.0.113.7"),
            ("127.0.0.1", &[("x-forwarded-for", "[2001:db8::1]:443")], "2001:db8::1"),
            ("127.0.0.1", &[("x-forwarded-for", "6.6.6.6, 203.0.113.7, 10.1.1.1")], "203.0.113.7"),
            ("127.0.0.1", &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.7")], "203.0.113.7"),
            ("127.0.0.1", &[("x-forwarded-for", "203.0.113.7, , 10.1.1.1,")], "203.0.113.7"),
            ("127.0.0.1", &[("x-forwarded-for", "10.1.1.1, 10.2.2.2")], "10.1.1.1"),
            ("127.0.0.1", &[("x-forwarded-for", "203.0.113.7, unknown, 10.1.1.1")], "10.1.1.1"),
            ("127.0.0.1", &[("x-forwarded-for", "nadie")], "127.0.0.1"),
            ("127.0.0.1", &[("x-forwarded-for", "203.0.113.7"), ("x-real-ip", "6.6.6.6")], "203.0.113.7"),
            ("127.0.0.1", &[("x-real-ip", "203.0.113.7")], "203.0.113.7"),
            ("127.0.0.1", &[("forwarded", "for=6.6.6.6, for=\"203.0.113.7:80\";proto=https")], "203.0.113.7"),
            ("127.0.0.1", &[("forwarded", "for=\"[2001:db8::1]:4711\"")], "2001:db8::1"),
            ("127.0.0.1", &[("forwarded", "proto=https")], "127.0.0.1"),
        ];
        for (peer, headers, client) in table {
            let mut map = HeaderMap::new();
            for (name, value) in *headers {
                map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            let found = proxies().client(peer.parse().unwrap(), Version::HTTP_11, &map);
            assert_eq!(found.address, client.parse::<IpAddr>().unwrap(), "{peer} {headers:?}");
        }
    }

    #[test]
    fn a_program_of_this_machine_asks_without_a_proxy() {
        let asked = |peer: &str, version, headers: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            let proxies = TrustedProxies::new(["127.0.0.1".parse().unwrap()]);
            proxies.client(peer.parse().unwrap(), version, &map).is_this_machine()
        };
        let here = ("host", "127.0.0.1:8000");
        for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(asked(peer, Version::HTTP_11, &[here]), "{peer}");
        }
        for host in ["localhost", "LOCALHOST:8000", "[::1]:8000", "127.0.0.2", "[::ffff:127.0.0.1]"] {
            assert!(asked("127.0.0.1", Version::HTTP_11, &[("host", host)]), "{host}");
        }
        assert!(!asked("192.0.2.1", Version::HTTP_11, &[here]));
        for host in ["oficina.example", "192.0.2.1", "127.0.0.1.example", "localhost.example:8000", ""] {
            assert!(!asked("127.0.0.1", Version::HTTP_11, &[("host", host)]), "{host}");
        }
        assert!(!asked("127.0.0.1", Version::HTTP_11, &[]), "it names no host");
        for name in BY_PROXIES {
            assert!(!asked("127.0.0.1", Version::HTTP_11, &[here, (name, "127.0.0.1")]), "{name}");
        }
        // As nginx passes requests on by itself.
        assert!(!asked("127.0.0.1", Version::HTTP_10, &[here, ("connection", "close")]));
        assert!(!asked("127.0.0.1", Version::HTTP_11, &[here, ("connection", "close")]));
        assert!(asked("127.0.0.1", Version::HTTP_11, &[here, ("connection", "keep-alive")]));
    }
}
