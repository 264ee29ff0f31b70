//! The open model: requests are sent at a rate, whether or not earlier ones have been answered,
//! as people do. A latency counts from when its request was to be sent: when the server stalls,
//! those who could not even be sent have waited too (nothing is "coordinated away").

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Answer, Connection, GRACE, Load, Request, connect};

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
    let office = Arc::new(Switchboard::new(kinds)?);
    let (mut clients, mut lines) = (JoinSet::new(), Vec::new());
    let start = Instant::now();
    let whole = async {
        for intended in plan(start, time, rate) {
            sleep_until(intended).await;
            let number = match office.free() {
                Some(number) => number,
                None if lines.len() < connections => {
                    let number = lines.len();
                    let (line, orders) = mpsc::channel(1);
                    let one = Client {
                        number,
                        address,
                        connection: None,
                        request: Request::default(),
                        write: client(number),
                    };
                    clients.spawn(one.serve(orders, Arc::clone(&office)));
                    lines.push(line);
                    number
                }
                None => office.next_free().await,
            };
            lines[number].send(intended).await?;
        }
        lines.clear();
        while let Some(ended) = clients.join_next().await {
            ended??;
        }
        anyhow::Ok(())
    };
    timeout(time + GRACE, whole).await.context("answers are out for too long")??;
    let took = start.elapsed();
    let mut loads = office.loads();
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

/// Who is free, and what all answers came to.
struct Switchboard {
    // A std mutex: held for a note only.
    desk: Mutex<Desk>,
    freed: Notify,
}

struct Desk {
    /// Clients with nothing to ask, by number; who was free last is next.
    free: Vec<usize>,
    loads: Vec<Load>,
}

impl Switchboard {
    fn new(kinds: usize) -> Result<Self> {
        let loads = (0..kinds).map(|_| Load::new()).collect::<Result<_>>()?;
        Ok(Self { desk: Mutex::new(Desk { free: Vec::new(), loads }), freed: Notify::new() })
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn free(&self) -> Option<usize> {
        self.desk().free.pop()
    }

    /// The same once somebody is.
    async fn next_free(&self) -> usize {
        loop {
            if let Some(number) = self.free() {
                return number;
            }
            self.freed.notified().await;
        }
    }

    /// Notes what one was told, who is free now.
    fn note(&self, number: usize, kind: usize, latency: Duration, said: Result<Answer<'_>>) -> Result<()> {
        let mut desk = self.desk();
        let load = desk.loads.get_mut(kind).with_context(|| format!("there is no kind {kind}"))?;
        match said {
            Ok(answer) => load.note(answer, latency),
            Err(error) => load.fail(|| format!("{error:#}")),
        }
        desk.free.push(number);
        drop(desk);
        self.freed.notify_one();
        Ok(())
    }

    fn loads(&self) -> Vec<Load> {
        std::mem::take(&mut self.desk().loads)
    }
}

/// One connection, once there was something to ask, and what writes its requests.
struct Client<W> {
    number: usize,
    address: SocketAddr,
    connection: Option<Connection>,
    request: Request,
    write: W,
}

impl<W: FnMut(&mut Request) -> usize> Client<W> {
    /// Asks whenever it is told to, until there are no more orders. An order says when its request was
    /// to be sent.
    async fn serve(mut self, mut orders: mpsc::Receiver<Instant>, office: Arc<Switchboard>) -> Result<()> {
        while let Some(intended) = orders.recv().await {
            let kind = (self.write)(&mut self.request);
            let number = self.number;
            let said = self.exchange().await.map(|connection| connection.answered());
            office.note(number, kind, intended.elapsed(), said)?;
        }
        Ok(())
    }

    /// Connects here and not before, so that nobody else waits for it. A connection that failed is not
    /// kept.
    async fn exchange(&mut self) -> Result<&mut Connection> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(self.address).await?,
        };
        connection.exchange(self.request.bytes()).await?;
        Ok(self.connection.insert(connection))
    }
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
