//! Load over HTTP/1.1.
//!
//! [`closed`] keeps a number of connections busy and asks how much gets done; [`open`] sends at a
//! rate that does not wait for answers and asks how long they take.

mod closed;
mod http;
mod open;
mod outcome;

pub use closed::closed;
pub use http::{Answer, Connection, Request};
pub use open::open;
pub use outcome::Load;

use std::time::Duration;

/// Longest wait for the answers that are out when a load ends.
const GRACE: Duration = Duration::from_secs(30);
