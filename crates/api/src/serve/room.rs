//! How many connections there are, and from where.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use app::auth::place_of;

use super::limits::ServeLimits;
use crate::client::{ClientAddress, TrustedProxies};

/// Room for connections. Cheap to clone.
#[derive(Clone)]
pub struct Room(Arc<Inner>);

struct Inner {
    limits: Arc<ServeLimits>,
    proxies: TrustedProxies,
    // A std mutex: held only to count, never across an await.
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_source: HashMap<IpAddr, usize>,
    /// Bodies that are waited for. Each takes the place of a request meanwhile.
    bodies: HashMap<IpAddr, usize>,
}

/// Most bodies of one address that are waited for at once. Those of honest clients mostly come with
/// their heads.
const BODIES: usize = 64;

/// Where a connection comes from, when its bodies are waited for.
#[derive(Clone)]
pub struct Waiter {
    room: Room,
    source: Option<IpAddr>,
}

/// The place of a body that is waited for, given back when dropped.
pub struct WaitingPlace(Waiter);

/// A connection's place, given back when dropped.
pub struct Place {
    room: Room,
    source: Option<IpAddr>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// The process has as many as it may.
    Everywhere,
    /// The address has.
    Here,
}

impl Room {
    pub fn new(limits: Arc<ServeLimits>, proxies: TrustedProxies) -> Self {
        Self(Arc::new(Inner { limits, proxies, taken: Mutex::default() }))
    }

    /// A place for a connection from `peer`.
    pub fn enter(&self, peer: IpAddr) -> Result<Place, Full> {
        let limits = &self.0.limits;
        // Not a privilege of callers: a forwarder on this machine that is not in trusted_proxies comes in the
        // name of many clients, and its connections count against the limit of the process.
        let is_counted = !peer.to_canonical().is_loopback() && !self.0.proxies.contains(peer);
        let source = is_counted.then(|| place_of(peer));
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= limits.connections {
            return Err(Full::Everywhere);
        }
        if let Some(source) = source {
            let here = taken.by_source.entry(source).or_default();
            if *here >= limits.per_address {
                return Err(Full::Here);
            }
            *here += 1;
        }
        taken.all += 1;
        drop(taken);
        metrics::gauge!("gad_connections").increment(1.0);
        Ok(Place { room: self.clone(), source })
    }
}

impl Place {
    /// Who waits for bodies of this connection.
    pub fn waiter(&self) -> Waiter {
        Waiter { room: self.room.clone(), source: self.source }
    }
}

impl Waiter {
    /// Who waits for the body of a request of this client, which a trusted proxy may have sent in
    /// another's name.
    pub fn for_client(&self, client: &ClientAddress) -> Self {
        let behind = client.is_behind_proxy().then(|| client.counted_as());
        Self { room: self.room.clone(), source: self.source.or(behind) }
    }

    /// A place for one more body that is waited for; `None` when its address has enough.
    pub fn waits(&self) -> Option<WaitingPlace> {
        if let Some(source) = self.source {
            let mut taken = self.room.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let here = taken.bodies.entry(source).or_default();
            if *here >= BODIES {
                return None;
            }
            *here += 1;
        }
        Some(WaitingPlace(self.clone()))
    }
}

impl Drop for WaitingPlace {
    fn drop(&mut self) {
        if let Some(source) = self.0.source {
            let mut taken = self.0.room.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
            one_less(&mut taken.bodies, source);
        }
    }
}

fn one_less(counts: &mut HashMap<IpAddr, usize>, source: IpAddr) {
    if let Some(here) = counts.get_mut(&source) {
        *here -= 1;
        if *here == 0 {
            counts.remove(&source);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.room.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Some(source) = self.source {
            one_less(&mut taken.by_source, source);
        }
        drop(taken);
        metrics::gauge!("gad_connections").decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Version;

    use super::*;

    fn room(connections: usize, per_address: usize) -> Room {
        let proxies = TrustedProxies::new(["192.0.2.250".parse().unwrap()]);
        Room::new(Arc::new(ServeLimits { connections, per_address, ..ServeLimits::default() }), proxies)
    }

    fn enters(room: &Room, from: &str) -> Result<Place, Full> {
        room.enter(from.parse().unwrap())
    }

    #[test]
    fn one_address_does_not_take_the_room_of_others() {
        let room = room(10, 2);
        let own: Vec<_> = (0..2).map(|_| enters(&room, "192.0.2.1").unwrap()).collect();
        assert_eq!(enters(&room, "192.0.2.1").err(), Some(Full::Here));
        assert_eq!(enters(&room, "::ffff:192.0.2.1").err(), Some(Full::Here), "the same, otherwise spelt");
        assert!(enters(&room, "192.0.2.2").is_ok());
        drop(own);
        assert!(enters(&room, "192.0.2.1").is_ok());
        assert!(room.0.taken.lock().unwrap().by_source.is_empty(), "nobody is remembered who is gone");
    }

    #[test]
    fn addresses_of_one_subscriber_count_together() {
        let room = room(10, 1);
        let _place = enters(&room, "2001:db8:1:2::1").unwrap();
        assert_eq!(enters(&room, "2001:db8:1:2:ffff::9").err(), Some(Full::Here));
        assert!(enters(&room, "2001:db8:1:3::1").is_ok());
    }

    #[test]
    fn one_address_is_not_waited_for_in_the_place_of_others() {
        let room = room(10, 10);
        let (one, other) = (enters(&room, "192.0.2.1").unwrap(), enters(&room, "192.0.2.2").unwrap());
        let waiting: Vec<_> = (0..BODIES).map(|_| one.waiter().waits().unwrap()).collect();
        assert!(one.waiter().waits().is_none());
        assert!(other.waiter().waits().is_some());
        drop(waiting);
        assert!(one.waiter().waits().is_some());
        assert!(room.0.taken.lock().unwrap().bodies.is_empty());
    }

    #[test]
    fn bodies_through_a_proxy_count_for_the_client_that_sends_them() {
        let room = room(10, 10);
        let proxy = enters(&room, "192.0.2.250").unwrap();
        let waiter = |client: &str| {
            let mut headers = axum::http::HeaderMap::new();
            headers.insert("x-forwarded-for", client.parse().unwrap());
            proxy.waiter().for_client(&room.0.proxies.client(
                "192.0.2.250".parse().unwrap(),
                Version::HTTP_11,
                &headers,
            ))
        };
        let _waiting: Vec<_> = (0..BODIES).map(|_| waiter("2001:db8:1:2::1").waits().unwrap()).collect();
        assert!(waiter("2001:db8:1:2:ffff::9").waits().is_none(), "another address of the same subscriber");
        assert!(waiter("2001:db8:1:3::1").waits().is_some());
        assert!(proxy.waiter().waits().is_some(), "the proxy itself is not counted");
    }

    #[test]
    fn proxies_and_this_machine_may_take_all_but_no_more() {
        let room = room(3, 1);
        let _places: Vec<_> =
            ["192.0.2.250", "192.0.2.250", "127.0.0.1"].map(|from| enters(&room, from).unwrap()).into();
        assert_eq!(enters(&room, "127.0.0.1").err(), Some(Full::Everywhere));
    }
}
