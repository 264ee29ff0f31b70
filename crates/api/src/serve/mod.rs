//! From a listening socket to answers: who gets a connection, for how long it is waited for, and
//! how it ends. `axum::serve` waits for slow clients for ever.

mod alarm;
mod body;
mod connection;
mod limits;
mod measure;
mod paced;
mod room;
mod tls;
mod turn;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use resilience::Group;
use tokio::net::{TcpListener, TcpStream};

pub use self::body::{Awaited, Unread};
use self::connection::Connections;
pub use self::limits::{Pace, ServeLimits};
use self::room::{Full, Room};
pub use self::tls::{Tls, TlsError};
use crate::layer::StartupGate;

/// Pause after the system has refused us a connection for want of files or memory.
const PAUSE: Duration = Duration::from_secs(1);

/// What whoever finds no room is told, as far as that can be done without waiting.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n\
    Content-Type: application/problem+json\r\nContent-Length: 128\r\n\r\n\
    {\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"Demasiadas conexiones\",\
    \"code\":\"too_many_connections\"}";

/// Serves until `connections` is told to stop, and until the last of them has ended.
pub async fn serve(
    listener: TcpListener,
    gate: impl Into<StartupGate>,
    limits: ServeLimits,
    tls: Option<Arc<Tls>>,
    connections: Group,
) {
    let gate = gate.into();
    measure::begin();
    let limits = Arc::new(limits);
    let room = Room::new(limits.clone(), gate.proxies().clone());
    let shared = Arc::new(Connections::new(gate, limits, tls, connections.stopping().clone()));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = connections.stopping().cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        match room.enter(peer.ip()) {
            Ok(place) => connections.spawn(shared.clone().serve(stream, peer, place)),
            Err(full) => refuse(&stream, full, shared.is_tls()),
        }
    }
    drop(listener);
    connections.ended().await;
}

/// What goes wrong with one client is no reason to wait.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "no connection can be taken for the moment");
        tokio::time::sleep(PAUSE).await;
    }
}

fn refuse(stream: &TcpStream, full: Full, is_tls: bool) {
    let reason = match full {
        Full::Everywhere => "full",
        Full::Here => "address",
    };
    metrics::counter!("gad_connections_refused_total", "reason" => reason).increment(1);
    tracing::debug!(reason, "no room for a connection");
    if !is_tls {
        // A client that cannot take these few bytes at once is not waited for.
        let _ = stream.try_write(NO_ROOM);
    }
}

#[cfg(test)]
mod tests {
    use super::NO_ROOM;

    #[test]
    fn the_refusal_is_as_long_as_it_says() {
        let text = std::str::from_utf8(NO_ROOM).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        assert_eq!(length, body.len().to_string());
        assert_eq!(serde_json::from_str::<serde_json::Value>(body).unwrap()["status"], 503);
    }
}
