//! A way to a server that its test can cut.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience::{CancellationToken, Tasks};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Hands bytes on, to and fro, while it is open.
pub struct Relay {
    /// Where it listens.
    pub port: u16,
    open: watch::Sender<bool>,
    tasks: Tasks,
}

impl Relay {
    /// A relay to an address.
    pub async fn to(address: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, seen) = watch::channel(true);
        let listener = Arc::new(Mutex::new(Some(listener)));
        let tasks = Tasks::new();
        tasks.supervise("relay", move |stop: CancellationToken| {
            let (listener, seen, address) = (listener.lock().unwrap().take(), seen.clone(), address.clone());
            async move {
                let Some(listener) = listener else { return stop.cancelled().await };
                let mut connections = JoinSet::new();
                loop {
                    tokio::select! {
                        () = stop.cancelled() => return,
                        Some(_) = connections.join_next() => {}
                        Ok((client, _)) = listener.accept() => {
                            connections.spawn(hand_on(client, address.clone(), seen.clone()));
                        }
                    }
                }
            }
        });
        Self { port, open, tasks }
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

async fn hand_on(mut client: TcpStream, address: String, mut open: watch::Receiver<bool>) {
    if !*open.borrow() {
        return;
    }
    let Ok(mut server) = TcpStream::connect(address).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        _ = open.wait_for(|open| !open) => {}
    }
}
