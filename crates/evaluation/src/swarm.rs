//! Many sockets at once, and what they hear.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures::StreamExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, http::HeaderValue};

/// Longest wait for one handshake.
const HANDSHAKE: Duration = Duration::from_secs(30);
/// Handshakes under way at once.
const AT_ONCE: usize = 64;
/// Bytes that one socket of ours reads at once: there are thousands.
const BUFFER: usize = 2 * 1024;

/// What stands in the first message of a socket.
pub const GREETING: &str = "\"event_type\":\"connection_ack\"";

/// What stands in the reason of a close that says where to go on.
const RESUME: &str = "resume from";

/// Open sockets, each read by a task of its own. Dropping it cuts them all.
pub struct Swarm {
    readers: JoinSet<()>,
    heard: mpsc::Receiver<Instant>,
    resumable: Arc<AtomicUsize>,
    /// How many are open.
    pub count: usize,
}

/// Lets this process, and those that it starts, have as many open files as it may; gives how many.
///
/// # Errors
/// When the system refuses even to tell.
pub fn raise_file_limit() -> Result<u64> {
    rlimit::increase_nofile_limit(rlimit::INFINITY).context("the limit of open files")
}

impl Swarm {
    /// Opens `count` sockets to `path` at `address`, each with `token`, and notes when a text that
    /// holds `sign` comes. Each is greeted before this ends: what happens earlier is in what a screen
    /// asks for afterwards, and is not told to it.
    ///
    /// # Errors
    /// When one of them cannot be opened, or is not greeted.
    pub async fn open(address: SocketAddr, path: &str, token: &str, count: usize, sign: &'static str) -> Result<Self> {
        let (tell, heard) = mpsc::channel(count.max(1) * 4);
        let (mut readers, mut opening) = (JoinSet::new(), JoinSet::new());
        let resumable = Arc::new(AtomicUsize::new(0));
        let mut begun = 0;
        while readers.len() < count {
            while begun < count && opening.len() < AT_ONCE {
                begun += 1;
                opening.spawn(open_greeted(address, path.to_owned(), token.to_owned()));
            }
            let (socket, _) = opening.join_next().await.context("no socket is being opened")???;
            let (tell, resumable) = (tell.clone(), Arc::clone(&resumable));
            readers.spawn(async move {
                let mut socket = socket;
                while let Some(Ok(message)) = socket.next().await {
                    match message {
                        Message::Text(text) if text.contains(sign) => {
                            let Ok(()) = tell.send(Instant::now()).await else { break };
                        }
                        Message::Close(Some(frame)) if frame.reason.contains(RESUME) => {
                            resumable.fetch_add(1, Ordering::Relaxed);
                        }
                        _ => {}
                    }
                }
            });
        }
        Ok(Self { readers, heard, resumable, count })
    }

    /// When each socket heard the next sign.
    ///
    /// # Errors
    /// When not all of them hear it within `patience`.
    pub async fn hears(&mut self, patience: Duration) -> Result<Vec<Instant>> {
        let mut heard = Vec::with_capacity(self.count);
        let all = async {
            while heard.len() < self.count {
                heard.push(self.heard.recv().await?);
            }
            Some(())
        };
        let outcome = timeout(patience, all).await;
        ensure!(matches!(outcome, Ok(Some(()))), "{} of {} sockets heard it in {patience:?}", heard.len(), self.count);
        Ok(heard)
    }

    /// How many were told from where to resume when the server sent them away.
    pub fn resumable(&self) -> usize {
        self.resumable.load(Ordering::Relaxed)
    }

    /// Waits until all have been sent away, or `patience` is over.
    pub async fn sent_away(&mut self, patience: Duration) {
        let all = async { while self.readers.join_next().await.is_some() {} };
        // Whoever is left has been told nothing, which is counted.
        timeout(patience, all).await.ok();
    }

    /// Cuts all sockets, and waits until they are gone on this side.
    pub async fn close(mut self) {
        self.readers.shutdown().await;
    }
}

/// One open socket.
pub(crate) type Socket = tokio_tungstenite::WebSocketStream<TcpStream>;

/// Opens one socket as [`open_one`], and hears its greeting.
pub(crate) async fn open_greeted(address: SocketAddr, path: String, token: String) -> Result<(Socket, Message)> {
    let mut socket = open_one(address, path, token).await?;
    let first = timeout(HANDSHAKE, socket.next()).await.context("a greeting took too long")?;
    match first.context("a socket was cut before it was greeted")?? {
        Message::Text(text) if text.contains(GREETING) => Ok((socket, Message::Text(text))),
        other => bail!("a socket began with {other:?}"),
    }
}

/// Opens one socket to `path` at `address`.
pub(crate) async fn open_one(address: SocketAddr, path: String, token: String) -> Result<Socket> {
    let mut request = format!("ws://{address}{path}").into_client_request()?;
    request.headers_mut().insert("authorization", HeaderValue::from_str(&format!("Bearer {token}"))?);
    let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(0);
    let open = async {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok::<_, anyhow::Error>(client_async_with_config(request, stream, Some(config)).await?.0)
    };
    timeout(HANDSHAKE, open).await.context("a handshake took too long")?
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures::SinkExt;
    use tokio::net::TcpListener;

    use super::*;

    /// An office that says this to whoever opens a socket, and then nothing, or cuts it.
    async fn that_says(first: Option<&'static str>) -> (SocketAddr, JoinSet<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, mut office) = (listener.local_addr().unwrap(), JoinSet::new());
        office.spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
            if let Some(first) = first {
                socket.send(Message::text(first)).await.unwrap();
                pending::<()>().await;
            }
        });
        (address, office)
    }

    async fn opened(first: Option<&'static str>) -> Result<usize> {
        let (address, _office) = that_says(first).await;
        Swarm::open(address, "/", "", 1, "nothing").await.map(|swarm| swarm.count)
    }

    #[tokio::test]
    async fn a_screen_is_open_when_it_has_been_greeted() {
        assert_eq!(opened(Some(r#"{"event_type":"connection_ack"}"#)).await.unwrap(), 1);
        let other = opened(Some(r#"{"event_type":"task_created"}"#)).await.unwrap_err();
        assert!(other.to_string().starts_with("a socket began with"), "{other:#}");
        assert!(opened(None).await.is_err(), "it was cut before it was greeted");
    }
}
