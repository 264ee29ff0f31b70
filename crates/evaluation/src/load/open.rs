//! The open model: requests are sent at a rate, whether or not earlier ones have been answered,
//! as people do. A latency counts from when its request was to be sent: when the server stalls,
//! those who could not even be sent have waited too (nothing is "coordinated away").

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Connection, GRACE, Load, Request, connect};

/// Sends `rate` requests a second for `time`, evenly, over at most `connections` connections.
/// `client` gives each what writes its next request.
///
/// As pools do, it takes the connection that was free last, and opens another only when none is free:
/// as many are in use as there are requests on their way.
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
    let (mut free, mut unopened) = (Vec::with_capacity(connections), 0..connections);
    let (mut load, mut away) = (Load::new()?, JoinSet::new());
    let start = Instant::now();
    let whole = async {
        for intended in plan(start, time, rate) {
            sleep_until(intended).await;
            while let Some(back) = away.try_join_next() {
                free.push(note(&mut load, back?, address).await?);
            }
            let next = if let Some(client) = free.pop() {
                client
            } else if let Some(number) = unopened.next() {
                Client { connection: connect(address).await?, request: Request::default(), write: client(number) }
            } else {
                note(&mut load, away.join_next().await.context("there is no connection")??, address).await?
            };
            away.spawn(next.ask(intended));
        }
        while let Some(back) = away.join_next().await {
            note(&mut load, back?, address).await?;
        }
        anyhow::Ok(())
    };
    timeout(time + GRACE, whole).await.context("answers are out for too long")??;
    load.took = start.elapsed();
    Ok(load)
}

/// When requests are to be sent.
fn plan(start: Instant, time: Duration, rate: u32) -> impl Iterator<Item = Instant> {
    let after = move |number: u32| Duration::from_secs_f64(f64::from(number) / f64::from(rate.max(1)));
    (0..).map(after).take_while(move |after| *after < time).map(move |after| start + after)
}

/// One connection, and what writes its requests.
struct Client<W> {
    connection: Connection,
    request: Request,
    write: W,
}

/// A client who is back: what was said, and how long after it was to be asked.
type Back<W> = (Client<W>, io::Result<()>, Duration);

impl<W: FnMut(&mut Request)> Client<W> {
    async fn ask(mut self, intended: Instant) -> Back<W> {
        (self.write)(&mut self.request);
        let said = self.connection.exchange(self.request.bytes()).await.map(drop);
        (self, said, intended.elapsed())
    }
}

/// Notes what a client brings back, who gets a new connection if the old one is of no more use.
async fn note<W>(load: &mut Load, (mut client, said, latency): Back<W>, address: SocketAddr) -> Result<Client<W>> {
    match said {
        Ok(()) => load.note(client.connection.answered(), latency),
        Err(error) => {
            load.fail(|| error.to_string());
            client.connection = connect(address).await?;
        }
    }
    Ok(client)
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
