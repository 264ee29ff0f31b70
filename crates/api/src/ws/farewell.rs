//! The end of a socket: the closing handshake of RFC 6455 §7, whichever side begins it.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use resilience::deadline;
use tokio::io::AsyncWriteExt as _;

use super::close::Goodbye;
use super::handshake::OpenSocket;

/// Longest wait until a peer has taken our Close.
const SENDING: Duration = Duration::from_secs(1);
/// Longest wait for the Close with which a peer answers ours.
const ANSWER: Duration = Duration::from_secs(2);
/// Most bytes of a peer that are discarded meanwhile. A connection that ended with unread bytes would be
/// reset, and a reset may overtake our Close.
const MOST_DISCARDED: usize = 16 * 1024 * 1024;

/// Closes a socket, and waits for the peer's Close within bounds. What the peer still sends is discarded.
pub async fn dismiss(socket: &mut OpenSocket, goodbye: &Goodbye) {
    // An error may say that the peer has closed too, which the wait below finds at once.
    if deadline("goodbye", SENDING, socket.send(goodbye.message())).await.is_err() {
        return;
    }
    end(socket).await;
}

/// Answers the Close of a peer with the same code.
pub async fn answer(socket: &mut OpenSocket) {
    // The library has queued the answer, and writes it as it is asked for more.
    let _ = deadline("goodbye", SENDING, async { while let Some(Ok(_)) = socket.next().await {} }).await;
    end(socket).await;
}

/// Waits until the peer's Close was read, and ends our side of the stream.
async fn end(socket: &mut OpenSocket) {
    let stream = socket.get_mut();
    // However it ends, the connection is given up after this.
    let _ = deadline("farewell", ANSWER, async {
        stream.discard(MOST_DISCARDED).await?;
        stream.shutdown().await
    })
    .await;
}
