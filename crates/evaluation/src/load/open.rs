//! The open model: requests are sent at a rate, whether or not earlier ones have been answered,
//! as people do. A latency counts from when its request was to be sent: when the server stalls,
//! those who could not even be sent have waited too (nothing is "coordinated away").

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::{Connection, GRACE, Load, Request};

/// Sends `rate` requests a second for `time`, evenly, over `connections` connections. `client`
/// gives each what writes its next request.
///
/// Tokio's timer wakes up to 1 ms late, which counts against the server.
///
/// # Errors
/// As [`super::closed`].
pub async fn open<C, W>(address: SocketAddr, rate: u32, time: Duration, connections: usize, client: C) -> Result<Load>
where
    C: Fn(usize) -> W,
    W: FnMut(&mut Request) + Send + 'static,
{
    let mut opened = Vec::with_capacity(connections);
    for _ in 0..connections {
        opened.push(Connection::open(address).await.with_context(|| format!("cannot connect to {address}"))?);
    }
    let plan = Arc::new(Plan { start: Instant::now(), time, rate, next: AtomicU32::new(0) });
    let mut clients = JoinSet::new();
    for (number, connection) in opened.into_iter().enumerate() {
        clients.spawn(keep_to(Arc::clone(&plan), address, connection, client(number)));
    }
    let mut all = Load::new()?;
    let whole = async {
        while let Some(one) = clients.join_next().await {
            all.add(one??)?;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(time + GRACE, whole).await.context("answers are out for too long")??;
    all.took = plan.start.elapsed();
    Ok(all)
}

/// When requests are to be sent. Whoever is free takes the next.
struct Plan {
    start: Instant,
    time: Duration,
    rate: u32,
    next: AtomicU32,
}

impl Plan {
    /// When the next request is to be sent; `None` when all have been.
    fn next(&self) -> Option<Instant> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let after = Duration::from_secs_f64(f64::from(number) / f64::from(self.rate.max(1)));
        (after < self.time).then(|| self.start + after)
    }
}

async fn keep_to(
    plan: Arc<Plan>,
    address: SocketAddr,
    mut connection: Connection,
    mut write: impl FnMut(&mut Request),
) -> Result<Load> {
    let (mut load, mut request) = (Load::new()?, Request::default());
    while let Some(intended) = plan.next() {
        write(&mut request);
        sleep_until(intended).await;
        match connection.exchange(request.bytes()).await {
            Ok(answer) => load.note(answer, intended.elapsed()),
            Err(error) => {
                load.fail(|| error.to_string());
                connection = Connection::open(address).await?;
            }
        }
    }
    Ok(load)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that answers its first request only after `stall`, and all others at once.
    async fn stalling_once(stall: Duration) -> (SocketAddr, JoinSet<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut server = JoinSet::new();
        server.spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut seen, mut first) = ([0; 1024], true);
            while stream.read(&mut seen).await.is_ok_and(|read| read > 0) {
                if std::mem::take(&mut first) {
                    tokio::time::sleep(stall).await;
                }
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            }
        });
        (address, server)
    }

    #[tokio::test]
    async fn those_who_could_not_be_sent_while_the_server_stalled_have_waited_too() {
        let stall = Duration::from_millis(400);
        let (address, _server) = stalling_once(stall).await;
        let ask = |_| |request: &mut Request| request.get("/", None);
        let load = open(address, 100, Duration::from_millis(500), 1, ask).await.unwrap();
        assert_eq!((load.answered, load.failed), (50, 0));
        // 40 of the 50 were to be sent during the stall; a closed model would show one that waited.
        assert!(load.latency_ms(0.5) > 100.0, "{} ms", load.latency_ms(0.5));
    }
}
