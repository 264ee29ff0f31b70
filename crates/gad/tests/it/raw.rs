//! A client that says what it likes, at the pace it likes.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two drops.
const DROP: Duration = Duration::from_millis(100);

/// A connection without manners.
pub struct Raw {
    stream: TcpStream,
    begun: Instant,
}

impl Raw {
    /// Connects to `url` (`http://…`).
    pub async fn connects(url: &str) -> Self {
        let stream = TcpStream::connect(address(url)).await.unwrap();
        Self { stream, begun: Instant::now() }
    }

    /// Connects with little room for what comes.
    pub async fn connects_narrowly(url: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let stream = socket.connect(address(url).parse().unwrap()).await.unwrap();
        Self { stream, begun: Instant::now() }
    }

    /// Sends all of it at once.
    pub async fn says(&mut self, text: &str) {
        // A server that has had enough may not take all of it.
        let _ = self.stream.write_all(text.as_bytes()).await;
    }

    /// Sends a byte now and then until the server hangs up; gives what it said before, and when.
    pub async fn drips_until_cut(mut self, byte: u8) -> (String, Duration) {
        let mut said = Vec::new();
        let mut drops = tokio::time::interval(DROP);
        let all = async {
            loop {
                tokio::select! {
                    _ = drops.tick() => {
                        // What the server does not take any more, it answers by hanging up.
                        let _ = self.stream.write_all(&[byte]).await;
                    }
                    read = self.stream.read_buf(&mut said) => match read {
                        Ok(1..) => {}
                        Ok(0) | Err(_) => return,
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, all).await.expect("the server hangs up");
        (String::from_utf8_lossy(&said).into_owned(), self.begun.elapsed())
    }

    /// Reads the head of an answer and the body that it announces.
    pub async fn hears(&mut self) -> String {
        let mut said = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&said);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length =
                    head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
                if body.len() >= length.unwrap_or(0) {
                    return text.into_owned();
                }
            }
            let read = tokio::time::timeout(PATIENCE, self.stream.read_buf(&mut said)).await;
            assert!(read.expect("something comes").is_ok_and(|read| read > 0), "the server hung up");
        }
    }

    /// Says nothing until the server hangs up; gives what it said before, and when.
    pub async fn waits_until_cut(mut self) -> (String, Duration) {
        let mut said = Vec::new();
        let all = async { while let Ok(1..) = self.stream.read_buf(&mut said).await {} };
        tokio::time::timeout(PATIENCE, all).await.expect("the server hangs up");
        (String::from_utf8_lossy(&said).into_owned(), self.begun.elapsed())
    }
}

fn address(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, address)| address)
}
