//! A screen: a WebSocket and what was seen on it.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open socket.
pub struct Screen {
    wire: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// `epoch:offset` of the last message that had one.
    pub place: String,
}

/// What came over the socket.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// A message.
    Message(Value),
    /// The end, with its code and reason.
    Closed(u16, String),
    /// The end, without a word.
    Cut,
}

impl Screen {
    /// Opens a socket; `base` is `http://…`, `query` what stands behind the question mark.
    pub async fn opens(base: &str, query: &str, headers: &[(&'static str, String)]) -> Self {
        let url = format!("{}/ws/connect?{query}", base.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (wire, _) = tokio::time::timeout(PATIENCE, connect_async(request)).await.unwrap().unwrap();
        Self { wire, place: String::new() }
    }

    /// What comes next, signs of life and counts aside.
    pub async fn sees(&mut self) -> Seen {
        loop {
            match self.hears().await {
                Seen::Message(message) if message["event_type"] == "ping" => {
                    self.says(json!({ "event_type": "pong", "data": {} })).await;
                }
                Seen::Message(message) if message["event_type"] == "dashboard_update" => {}
                seen => return seen,
            }
        }
    }

    /// What comes next, whatever it is.
    pub async fn hears(&mut self) -> Seen {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.wire.next()).await.expect("something comes over the socket");
            match next {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if let (Some(epoch), Some(offset)) = (message["epoch"].as_str(), message["offset"].as_i64()) {
                        self.place = format!("{epoch}:{offset}");
                    }
                    return Seen::Message(message);
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Seen::Closed(frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Seen::Cut,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next message, which must be one.
    pub async fn reads(&mut self) -> Value {
        match self.sees().await {
            Seen::Message(message) => message,
            other => panic!("the socket ended: {other:?}"),
        }
    }

    /// The next message, which must be of a type; gives its data.
    pub async fn reads_a(&mut self, event_type: &str) -> Value {
        let message = self.reads().await;
        assert_eq!(message["event_type"], event_type, "{message}");
        message["data"].clone()
    }

    /// Waits for a message of a type and passes over others.
    pub async fn waits_for(&mut self, event_type: &str) -> Value {
        loop {
            let message = self.reads().await;
            if message["event_type"] == event_type {
                return message["data"].clone();
            }
        }
    }

    /// Sends an object.
    pub async fn says(&mut self, message: Value) {
        self.says_text(&message.to_string()).await;
    }

    /// Sends whatever text.
    pub async fn says_text(&mut self, text: &str) {
        self.wire.send(Message::text(text)).await.unwrap();
    }

    /// Drops the connection without a word.
    pub fn cut(self) -> String {
        self.place
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
