//! The closed model: each of some clients sends its next request when it has the answer to the
//! last. It finds what a server can do, and nothing about how long people would wait.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use super::{Connection, GRACE, Load, Request, connect};

/// Keeps `connections` connections busy for `time`. `client` gives each, by its number from 0, what
/// writes its next request.
///
/// # Errors
/// When no connection can be opened, or answers are out for half a minute. Failed requests are
/// counted, not returned.
pub async fn closed<C, W>(address: SocketAddr, connections: usize, time: Duration, client: C) -> Result<Load>
where
    C: Fn(usize) -> W,
    W: FnMut(&mut Request) + Send + 'static,
{
    let mut opened = Vec::with_capacity(connections);
    for _ in 0..connections {
        opened.push(connect(address).await?);
    }
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for (number, connection) in opened.into_iter().enumerate() {
        clients.spawn(converse(address, connection, start + time, client(number)));
    }
    let mut all = Load::new()?;
    let whole = async {
        while let Some(one) = clients.join_next().await {
            all.add(one??)?;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(time + GRACE, whole).await.context("answers are out for too long")??;
    all.took = start.elapsed();
    Ok(all)
}

async fn converse(
    address: SocketAddr,
    mut connection: Connection,
    end: Instant,
    mut write: impl FnMut(&mut Request),
) -> Result<Load> {
    let (mut load, mut request) = (Load::new()?, Request::default());
    let mut sent = Instant::now();
    while sent < end {
        write(&mut request);
        match connection.exchange(request.bytes()).await {
            Ok(answer) => {
                let now = Instant::now();
                load.note(answer, now - sent);
                sent = now;
            }
            Err(error) => {
                load.fail(|| error.to_string());
                connection = Connection::open(address).await?;
                sent = Instant::now();
            }
        }
    }
    Ok(load)
}
