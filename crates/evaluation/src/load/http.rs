//! Just enough HTTP/1.1 to load a server.
//!
//! A generator shares its machine with what it measures, so it must be cheap: requests are bytes
//! made ready by the caller, one buffer per connection is read into, and only the head of an answer
//! is parsed. hyper's client does more, of which nothing is of use here.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::ops::Range;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Most headers of an answer.
const HEADERS: usize = 64;
/// Room that is read into at first; it grows with the answers.
const ROOM: usize = 16 * 1024;

/// A request in the making, into a buffer that is used again for the next.
#[derive(Debug, Default)]
pub struct Request(Vec<u8>);

impl Request {
    /// A request without a body, with a bearer token if there is one.
    pub fn get(&mut self, path: &str, token: Option<&str>) {
        self.head("GET", path, token);
        self.0.extend_from_slice(b"\r\n");
    }

    /// A request with a body of some type.
    pub fn post(&mut self, path: &str, token: Option<&str>, kind: &str, body: &[u8]) {
        self.head("POST", path, token);
        let fields = ["content-type: ", kind, "\r\ncontent-length: ", &body.len().to_string(), "\r\n\r\n"];
        for field in fields {
            self.0.extend_from_slice(field.as_bytes());
        }
        self.0.extend_from_slice(body);
    }

    /// Any request; one without a body has no type of it.
    pub fn with(&mut self, method: &str, path: &str, token: Option<&str>, kind: Option<&str>, body: &[u8]) {
        self.named(method, path, token, &[], kind, body);
    }

    /// The same with more headers.
    pub fn named(
        &mut self,
        method: &str,
        path: &str,
        token: Option<&str>,
        more: &[(&str, &str)],
        kind: Option<&str>,
        body: &[u8],
    ) {
        self.head(method, path, token);
        for (name, value) in kind.iter().map(|kind| ("content-type", *kind)).chain(more.iter().copied()) {
            for field in [name, ": ", value, "\r\n"] {
                self.0.extend_from_slice(field.as_bytes());
            }
        }
        for field in ["content-length: ", &body.len().to_string(), "\r\n\r\n"] {
            self.0.extend_from_slice(field.as_bytes());
        }
        self.0.extend_from_slice(body);
    }

    fn head(&mut self, method: &str, path: &str, token: Option<&str>) {
        self.0.clear();
        for part in [method, " ", path, " HTTP/1.1\r\nhost: localhost\r\n"] {
            self.0.extend_from_slice(part.as_bytes());
        }
        if let Some(token) = token {
            for part in ["authorization: Bearer ", token, "\r\n"] {
                self.0.extend_from_slice(part.as_bytes());
            }
        }
    }

    /// What goes over the wire.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'b> {
    /// Status code.
    pub status: u16,
    /// Body.
    pub body: &'b [u8],
}

/// One keep-alive connection with one request at a time.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    // `buffer[..filled]` is what has been read of the answer in hand.
    buffer: Vec<u8>,
    filled: usize,
    closing: bool,
    status: u16,
    /// Where its body begins and ends.
    body: Range<usize>,
}

struct Head {
    status: u16,
    length: usize,
    body: usize,
    closing: bool,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; ROOM], filled: 0, closing: false, status: 0, body: 0..0 })
    }

    /// Whether the last answer said that there will be no other on this connection.
    pub const fn closing(&self) -> bool {
        self.closing
    }

    /// Whether not a byte of an answer has come since the last request was sent.
    pub const fn is_untouched(&self) -> bool {
        self.filled == 0
    }

    /// The last answer, once it was read to the end.
    pub fn answered(&self) -> Answer<'_> {
        Answer { status: self.status, body: &self.buffer[self.body.clone()] }
    }

    /// The head of the last answer, as it came.
    pub fn answered_head(&self) -> String {
        String::from_utf8_lossy(&self.buffer[..self.body.start]).into_owned()
    }

    /// Sends a request and reads its answer to the end.
    ///
    /// # Errors
    /// Those of the connection, and `InvalidData` for an answer without `Content-Length`. After an
    /// error the connection is of no more use.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.filled = 0;
        self.stream.write_all(request).await?;
        let head = loop {
            self.read().await?;
            if let Some(head) = head(&self.buffer[..self.filled])? {
                break head;
            }
        };
        (self.closing, self.status) = (head.closing, head.status);
        self.body = head.body..head.body + head.length;
        while self.filled < self.body.end {
            self.read().await?;
        }
        Ok(self.answered())
    }

    async fn read(&mut self) -> io::Result<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(2 * self.filled, 0);
        }
        match self.stream.read(&mut self.buffer[self.filled..]).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            more => {
                self.filled += more;
                Ok(())
            }
        }
    }
}

fn head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let bad = |what: &str| io::Error::new(ErrorKind::InvalidData, what.to_owned());
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(body) = response.parse(bytes).map_err(|error| bad(&error.to_string()))? else {
        return Ok(None);
    };
    let status = response.code.ok_or_else(|| bad("an answer without a status"))?;
    let length = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = match length {
        Some(header) => std::str::from_utf8(header.value).ok().and_then(|text| text.parse().ok()),
        None if matches!(status, 204 | 304) => Some(0),
        None => None,
    };
    let length = length.ok_or_else(|| bad("an answer without a length"))?;
    let closing = response
        .headers
        .iter()
        .any(|header| header.name.eq_ignore_ascii_case("connection") && header.value.eq_ignore_ascii_case(b"close"));
    Ok(Some(Head { status, length, body, closing }))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A server that reads one request and sends `parts` one after the other.
    async fn answering(parts: &'static [&'static [u8]]) -> (SocketAddr, tokio::task::JoinSet<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut server = tokio::task::JoinSet::new();
        server.spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut seen = vec![0; 1024];
            let read = stream.read(&mut seen).await.unwrap();
            seen.truncate(read);
            for part in parts {
                stream.write_all(part).await.unwrap();
                stream.flush().await.unwrap();
                tokio::task::yield_now().await;
            }
            seen
        });
        (address, server)
    }

    #[tokio::test]
    async fn an_answer_may_come_in_pieces() {
        let parts: &[&[u8]] = &[b"HTTP/1.1 200 OK\r\nConnection: close\r\ncont", b"ent-length: 5\r\n\r\nab", b"cde"];
        let (address, mut server) = answering(parts).await;
        let mut request = Request::default();
        request.post("/x", Some("secret"), "text/plain", b"body");
        let mut connection = Connection::open(address).await.unwrap();
        let answer = connection.exchange(request.bytes()).await.unwrap();
        assert_eq!(answer, Answer { status: 200, body: b"abcde" });
        assert!(connection.closing(), "the server said so");
        let seen = server.join_next().await.unwrap().unwrap();
        let wanted = "POST /x HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer secret\r\n\
                      content-type: text/plain\r\ncontent-length: 4\r\n\r\nbody";
        assert_eq!(String::from_utf8(seen).unwrap(), wanted);
    }

    #[tokio::test]
    async fn an_answer_larger_than_the_buffer_is_read_whole() {
        static BODY: [u8; 3 * ROOM] = [b'x'; 3 * ROOM];
        static PARTS: [&[u8]; 2] = [b"HTTP/1.1 200 OK\r\ncontent-length: 49152\r\n\r\n", &BODY];
        let (address, _server) = answering(&PARTS).await;
        let mut connection = Connection::open(address).await.unwrap();
        assert_eq!(connection.exchange(b"GET / HTTP/1.1\r\n\r\n").await.unwrap().body.len(), 3 * ROOM);
    }

    #[tokio::test]
    async fn a_server_that_goes_away_is_an_error() {
        let (address, _server) = answering(&[b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab"]).await;
        let mut connection = Connection::open(address).await.unwrap();
        let error = connection.exchange(b"GET / HTTP/1.1\r\n\r\n").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }
}
