//! Load over HTTP/1.1.
//!
//! [`closed`] keeps a number of connections busy and asks how much gets done; [`open`] sends at a
//! rate that does not wait for answers and asks how long they take.

mod apart;
mod closed;
mod http;
mod open;
mod outcome;

pub use apart::{apart, sender};
pub use closed::closed;
pub use http::{Answer, Connection, Request};
pub use open::{open, open_by_kind};
pub use outcome::Load;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};

/// What writes the next request of one client.
pub type Writer = Box<dyn FnMut(&mut Request) + Send>;

/// Longest wait for the answers that are out when a load ends.
const GRACE: Duration = Duration::from_secs(30);

async fn connect(address: SocketAddr) -> Result<Connection> {
    Connection::open(address).await.with_context(|| format!("cannot connect to {address}"))
}
