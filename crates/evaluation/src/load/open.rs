//! The open model: requests are sent at a rate, whether or not earlier ones have been answered,
//! as people do. A latency counts from when its request was to be sent: when the server stalls,
//! those who could not even be sent have waited too (nothing is "coordinated away").

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
/// When answers are out for half a minute. Failed requests are counted, not returned, and so are those
/// that found no connection.
pub async fn open<C, W>(address: SocketAddr, rate: u32, time: Duration, connections: usize, client: C) -> Result<Load>
where
    C: Fn(usize) -> W,
    W: FnMut(&mut Request) + Send + 'static,
{
    let client = |number| {
        let mut write = client(number);
        move |request: &mut Request| {
            write(request);
            0
        }
    };
    let mut loads = open_by_kind(address, rate, time, connections, 1, client).await?;
    loads.pop().context("one kind has one load")
}

/// The same of several kinds of requests, each counted by itself, by the number of its kind that was
/// given when it was written. One load and not one for each kind, since all would send in the same
/// milliseconds, always in the same order, and the first find more room than the last.
///
/// # Errors
/// As [`open`], and for a kind that there is not.
pub async fn open_by_kind<C, W>(
    address: SocketAddr,
    rate: u32,
    time: Duration,
    connections: usize,
    kinds: usize,
    client: C,
) -> Result<Vec<Load>>
where
    C: Fn(usize) -> W,
    W: FnMut(&mut Request) -> usize + Send + 'static,
{
    let (mut free, mut unopened) = (Vec::with_capacity(connections), 0..connections);
    let mut loads = (0..kinds).map(|_| Load::new()).collect::<Result<Vec<_>>>()?;
    let mut away = JoinSet::new();
    let start = Instant::now();
    let whole = async {
        for intended in plan(start, time, rate) {
            sleep_until(intended).await;
            while let Some(back) = away.try_join_next() {
                free.push(note(&mut loads, back?)?);
            }
            let next = if let Some(client) = free.pop() {
                client
            } else if let Some(number) = unopened.next() {
                Client { address, connection: None, request: Request::default(), write: client(number) }
            } else {
                note(&mut loads, away.join_next().await.context("there is no connection")??)?
            };
            away.spawn(next.ask(intended));
        }
        while let Some(back) = away.join_next().await {
            note(&mut loads, back?)?;
        }
        anyhow::Ok(())
    };
    timeout(time + GRACE, whole).await.context("answers are out for too long")??;
    let took = start.elapsed();
    for load in &mut loads {
        load.took = took;
    }
    Ok(loads)
}

/// When requests are to be sent.
fn plan(start: Instant, time: Duration, rate: u32) -> impl Iterator<Item = Instant> {
    let after = move |number: u32| Duration::from_secs_f64(f64::from(number) / f64::from(rate.max(1)));
    (0..).map(after).take_while(move |after| *after < time).map(move |after| start + after)
}

/// One connection, once there was something to ask, and what writes its requests.
struct Client<W> {
    address: SocketAddr,
    connection: Option<Connection>,
    request: Request,
    write: W,
}

/// A client who is back, what kind of request it was, the connection with its answer, and how long
/// after it was to be asked.
struct Back<W> {
    client: Client<W>,
    kind: usize,
    said: Result<Connection>,
    latency: Duration,
}

impl<W: FnMut(&mut Request) -> usize> Client<W> {
    async fn ask(mut self, intended: Instant) -> Back<W> {
        let kind = (self.write)(&mut self.request);
        let said = self.exchange().await;
        Back { kind, said, latency: intended.elapsed(), client: self }
    }

    /// Connects here and not before, so that nobody else waits for it.
    async fn exchange(&mut self) -> Result<Connection> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(self.address).await?,
        };
        connection.exchange(self.request.bytes()).await?;
        Ok(connection)
    }
}

/// Notes what a client brings back, who keeps the connection if it is of more use.
fn note<W>(loads: &mut [Load], back: Back<W>) -> Result<Client<W>> {
    let Back { mut client, kind, said, latency } = back;
    let load = loads.get_mut(kind).with_context(|| format!("there is no kind {kind}"))?;
    match said {
        Ok(connection) => {
            load.note(connection.answered(), latency);
            client.connection = Some(connection);
        }
        Err(error) => load.fail(|| format!("{error:#}")),
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
