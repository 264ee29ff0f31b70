//! Proxies whose word on the client is believed (`TRUSTED_PROXY_HOSTS`): addresses, networks, and
//! host names, which are resolved at the start and again from time to time.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use resilience::{CancellationToken, deadline};

use super::once::OncePer;

/// Between two resolutions of the host names.
const RESOLVED_EVERY: Duration = Duration::from_secs(30);
/// Longest wait for the addresses of one name.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most addresses of one name.
const MOST_ADDRESSES: usize = 64;

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustedProxy {
    /// An address or a network.
    Network(IpNet),
    /// A host name.
    Name(String),
}

/// Text that is no entry of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address, a network or a host name, like 10.0.0.7, 172.18.0.0/16 or caddy")]
pub struct NoProxy;

impl FromStr for TrustedProxy {
    type Err = NoProxy;

    fn from_str(text: &str) -> Result<Self, NoProxy> {
        let text = text.trim();
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Self::Network(folded(network)));
        }
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Network(address.to_canonical().into()));
        }
        if is_host_name(text) { Ok(Self::Name(text.to_ascii_lowercase())) } else { Err(NoProxy) }
    }
}

/// A network of IPv4-mapped addresses as the IPv4 network.
fn folded(network: IpNet) -> IpNet {
    let network = network.trunc();
    match network {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => match v6.addr().to_ipv4_mapped() {
            Some(address) => Ipv4Net::new(address, v6.prefix_len() - 96).map_or(network, IpNet::V4),
            None => network,
        },
        _ => network,
    }
}

/// Labels of letters, digits, `-` and `_`. A name that ends in a number is a broken address.
fn is_host_name(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= 253 && text.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// The list. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    networks: Vec<IpNet>,
    names: Vec<String>,
    // Held for a look-up or an exchange only, never across an await.
    resolved: RwLock<BTreeMap<String, Vec<IpAddr>>>,
    reported: OncePer<(IpAddr, &'static str)>,
    origins: OncePer<(String, String)>,
}

impl TrustedProxies {
    /// The list of these entries; of host names nothing is known before [`Self::resolve`].
    pub fn new(entries: impl IntoIterator<Item = TrustedProxy>) -> Self {
        let mut inner = Inner::default();
        for entry in entries {
            match entry {
                TrustedProxy::Network(network) => inner.networks.push(network),
                TrustedProxy::Name(name) if name == "localhost" => {
                    inner.networks.push(Ipv4Net::from(Ipv4Addr::LOCALHOST).into());
                    inner.networks.push(Ipv6Net::from(Ipv6Addr::LOCALHOST).into());
                }
                TrustedProxy::Name(name) => inner.names.push(name),
            }
        }
        Self(Arc::new(inner))
    }

    /// Whether an address is that of a listed proxy.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.networks.iter().any(|network| network.contains(&address))
            || (!self.0.names.is_empty() && self.is_resolved(address))
    }

    fn is_resolved(&self, address: IpAddr) -> bool {
        let resolved = self.0.resolved.read().unwrap_or_else(PoisonError::into_inner);
        resolved.values().any(|addresses| addresses.contains(&address))
    }

    /// Of which peers it was said that they are not believed, or not understood.
    pub(super) fn reported(&self) -> &OncePer<(IpAddr, &'static str)> {
        &self.0.reported
    }

    /// Of which origins it was said that they are not the one expected.
    pub(super) fn reported_origins(&self) -> &OncePer<(String, String)> {
        &self.0.origins
    }

    /// Looks up all host names at once. A name that cannot be resolved keeps the addresses that it
    /// had.
    pub async fn resolve(&self) {
        futures::future::join_all(self.0.names.iter().map(|name| self.resolve_one(name))).await;
    }

    async fn resolve_one(&self, name: &str) {
        let found = deadline("trusted proxy", PATIENCE, tokio::net::lookup_host((name, 0))).await;
        let error = match found {
            Ok(Ok(addresses)) => return self.learn(name, addresses.map(|address| address.ip())),
            Ok(Err(error)) => error.to_string(),
            Err(elapsed) => elapsed.to_string(),
        };
        if self.0.resolved.read().unwrap_or_else(PoisonError::into_inner).contains_key(name) {
            tracing::debug!(name, error, "a trusted proxy keeps the addresses that it had");
        } else {
            tracing::warn!(code = "trusted_proxy_unknown", name, error, "a trusted proxy cannot be resolved");
        }
    }

    /// Takes the addresses of a name in place of those that it had.
    fn learn(&self, name: &str, addresses: impl Iterator<Item = IpAddr>) {
        let mut addresses: Vec<IpAddr> = addresses.map(|address| address.to_canonical()).take(MOST_ADDRESSES).collect();
        addresses.sort_unstable();
        addresses.dedup();
        let mut resolved = self.0.resolved.write().unwrap_or_else(PoisonError::into_inner);
        if resolved.get(name) != Some(&addresses) {
            tracing::info!(name, ?addresses, "a trusted proxy was resolved");
            resolved.insert(name.to_owned(), addresses);
        }
    }

    /// Looks up all host names again from time to time, until stopped.
    pub async fn keep_resolved(self, stop: CancellationToken) {
        while !self.0.names.is_empty() {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(RESOLVED_EVERY) => self.resolve().await,
            }
        }
        stop.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(entries: &[&str]) -> TrustedProxies {
        TrustedProxies::new(entries.iter().map(|entry| entry.parse().unwrap()))
    }

    #[test]
    fn addresses_networks_and_names_are_entries_and_nothing_else() {
        for text in
            ["*", "", "http://caddy", "10.0.0.0/33", "10.0.0", "256.1.1.1", "caddy:80", "10.0.0.7:80", "a b", "-a"]
        {
            assert_eq!(text.parse::<TrustedProxy>(), Err(NoProxy), "{text}");
        }
        let list =
            proxies(&["caddy", " 127.0.0.1", "localhost", "172.18.0.0/16", "::ffff:10.0.0.0/104", "2001:db8::/32"]);
        for (address, is_listed) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("::1", true),
            ("127.0.0.2", false),
            ("172.18.255.255", true),
            ("172.19.0.0", false),
            ("10.255.0.1", true),
            ("11.0.0.1", false),
            ("2001:db8:ffff::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(list.contains(address.parse().unwrap()), is_listed, "{address}");
        }
    }

    #[test]
    fn a_name_has_the_addresses_that_it_was_last_resolved_to() {
        let list = proxies(&["caddy"]);
        let contains = |text: &str| list.contains(text.parse().unwrap());
        assert!(!contains("172.18.0.5"));
        list.learn("caddy", ["172.18.0.5", "2001:db8::5"].map(|text| text.parse().unwrap()).into_iter());
        assert!(contains("172.18.0.5") && contains("::ffff:172.18.0.5") && contains("2001:db8::5"));
        list.learn("caddy", ["172.18.0.6".parse().unwrap()].into_iter());
        assert!(!contains("172.18.0.5") && contains("172.18.0.6"));
    }

    #[tokio::test]
    async fn a_name_that_cannot_be_resolved_keeps_the_addresses_that_it_had() {
        let list = proxies(&["nadie.invalid"]);
        list.learn("nadie.invalid", ["172.18.0.5".parse().unwrap()].into_iter());
        list.resolve().await;
        assert!(list.contains("172.18.0.5".parse().unwrap()));
    }
}
