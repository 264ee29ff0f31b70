//! Where somebody comes from.

use std::net::{IpAddr, Ipv6Addr};

/// What counts as one place, for locks, rates and connections alike: an address; of IPv6 the /64,
/// which is the least that one subscriber has. An IPv4-mapped address is the IPv4 address.
pub fn place_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        canonical @ IpAddr::V4(_) => canonical,
    }
}

/// The place as the record has it.
pub(super) fn source_of(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "?".to_owned(), |address| place_of(address).to_string())
}
