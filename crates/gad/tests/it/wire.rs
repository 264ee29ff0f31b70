//! A WebSocket without a library: it can break the protocol, and answers nothing by itself.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::screen::Seen;

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// The reading half of a connection, read slowly: little by little, and only when asked.
pub struct WireReader {
    reader: tokio::net::tcp::OwnedReadHalf,
    read: Vec<u8>,
}

impl WireReader {
    /// Everything up to the end of the stream.
    ///
    /// # Errors
    /// When the connection was reset.
    pub async fn reads_to_the_end(mut self) -> std::io::Result<Vec<Frame>> {
        tokio::time::timeout(PATIENCE, self.reader.read_to_end(&mut self.read)).await.expect("the stream ends")?;
        let mut frames = Vec::new();
        while let Some(frame) = frame(&mut self.read) {
            frames.push(frame);
        }
        Ok(frames)
    }
}

/// Opcode and payload.
type Frame = (u8, Vec<u8>);

/// An open connection.
pub struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Wire {
    /// Opens a socket at `base` (`http://…`).
    pub async fn opens(base: &str, token: &str) -> Self {
        Self::opens_at(base, token, "/ws/connect").await
    }

    /// The same with an address of its own.
    pub async fn opens_at(base: &str, token: &str, path: &str) -> Self {
        let address = base.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Authorization: Bearer {token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut wire = Self { stream, read: Vec::new() };
        let end = loop {
            if let Some(end) = wire.read.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            assert!(wire.more().await, "the server answers");
        };
        let head: Vec<u8> = wire.read.drain(..end).collect();
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        wire
    }

    async fn more(&mut self) -> bool {
        let read = tokio::time::timeout(PATIENCE, self.stream.read_buf(&mut self.read)).await;
        read.expect("something comes").is_ok_and(|count| count > 0)
    }

    /// Sends bytes as they are.
    pub async fn sends(&mut self, bytes: &[u8]) {
        // A server that has had enough may not take all of it.
        let _ = self.stream.write_all(bytes).await;
    }

    /// Sends a frame: its first byte, and its payload, masked with zeros.
    pub async fn frames(&mut self, first: u8, payload: &[u8]) {
        let size = u16::try_from(payload.len()).unwrap();
        let mut frame = vec![first];
        match u8::try_from(size) {
            Ok(size) if size < 126 => frame.push(0x80 | size),
            _ => {
                frame.push(0x80 | 0x7e);
                frame.extend_from_slice(&size.to_be_bytes());
            }
        }
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(payload);
        self.sends(&frame).await;
    }

    /// Two halves, so that one can send while the other reads: what is sent, and the rest.
    pub fn split(self) -> (tokio::net::tcp::OwnedWriteHalf, WireReader) {
        let (reader, writer) = self.stream.into_split();
        (writer, WireReader { reader, read: self.read })
    }

    /// What comes next; pings of the protocol are passed over and not answered.
    pub async fn sees(&mut self) -> Seen {
        loop {
            while let Some((kind, payload)) = frame(&mut self.read) {
                match kind {
                    1 => return Seen::Message(serde_json::from_slice(&payload).unwrap()),
                    8 if payload.len() >= 2 => {
                        let code = u16::from_be_bytes([payload[0], payload[1]]);
                        return Seen::Closed(code, String::from_utf8(payload[2..].to_vec()).unwrap());
                    }
                    8 => return Seen::Cut,
                    _ => {}
                }
            }
            if !self.more().await {
                return Seen::Cut;
            }
        }
    }

    /// Waits for the end.
    pub async fn ends(&mut self) -> Seen {
        loop {
            match self.sees().await {
                Seen::Message(_) => {}
                end => return end,
            }
        }
    }
}

/// Takes the first frame off, if all of it is there.
fn frame(read: &mut Vec<u8>) -> Option<Frame> {
    let (first, second) = (*read.first()?, *read.get(1)?);
    let (head, size) = match second & 0x7f {
        126 => (4, usize::from(u16::from_be_bytes([*read.get(2)?, *read.get(3)?]))),
        127 => {
            let bytes: [u8; 8] = read.get(2..10)?.try_into().ok()?;
            (10, usize::try_from(u64::from_be_bytes(bytes)).ok()?)
        }
        size => (2, usize::from(size)),
    };
    if read.len() < head + size {
        return None;
    }
    let payload = read[head..head + size].to_vec();
    read.drain(..head + size);
    Some((first & 0x0f, payload))
}
