//! A way to a server that its test can cut or make long.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience::{CancellationToken, Tasks};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// Hands bytes on, to and fro, while it is open.
pub struct Relay {
    /// Where it listens.
    pub port: u16,
    open: watch::Sender<bool>,
    delay: watch::Sender<Duration>,
    tasks: Tasks,
}

impl Relay {
    /// A relay to an address.
    pub async fn to(address: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, seen) = watch::channel(true);
        let (delay, length) = watch::channel(Duration::ZERO);
        let listener = Arc::new(Mutex::new(Some(listener)));
        let tasks = Tasks::new();
        tasks.supervise("relay", move |stop: CancellationToken| {
            let (listener, seen, address) = (listener.lock().unwrap().take(), seen.clone(), address.clone());
            let length = length.clone();
            async move {
                let Some(listener) = listener else { return stop.cancelled().await };
                let mut connections = JoinSet::new();
                loop {
                    tokio::select! {
                        () = stop.cancelled() => return,
                        Some(_) = connections.join_next() => {}
                        Ok((client, _)) = listener.accept() => {
                            connections.spawn(hand_on(client, address.clone(), seen.clone(), length.clone()));
                        }
                    }
                }
            }
        });
        Self { port, open, delay, tasks }
    }

    /// From now on every byte takes this long, in either direction.
    pub fn delays(&self, delay: Duration) {
        self.delay.send_replace(delay);
    }

    /// Cuts all connections, and takes no new ones.
    pub fn cuts(&self) {
        self.open.send_replace(false);
    }

    /// Takes connections again.
    pub fn mends(&self) {
        self.open.send_replace(true);
    }

    /// Ends it.
    pub async fn ends(self) {
        self.tasks.shutdown(Duration::from_secs(5)).await;
    }
}

async fn hand_on(
    client: TcpStream,
    address: String,
    mut open: watch::Receiver<bool>,
    delay: watch::Receiver<Duration>,
) {
    if !*open.borrow() {
        return;
    }
    let Ok(server) = TcpStream::connect(address).await else { return };
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        _ = async { tokio::join!(carry(from_client, to_server, &delay), carry(from_server, to_client, &delay)) } => {}
        _ = open.wait_for(|open| !open) => {}
    }
}

/// Carries bytes in order, each as late as was asked for when it came.
async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, delay: &watch::Receiver<Duration>) {
    let (send, mut on_the_way) = mpsc::channel::<(Instant, Vec<u8>)>(1024);
    let takes = async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let due = Instant::now() + *delay.borrow();
            if send.send((due, buffer[..count].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let gives = async move {
        while let Some((due, bytes)) = on_the_way.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        // Whoever shuts one direction down may still be answered in the other.
        let _ = to.shutdown().await;
    };
    tokio::join!(takes, gives);
}
