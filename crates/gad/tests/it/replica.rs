//! One of several processes that share a record.

use crate::binary::{Place, Server};
use crate::person::Person;

/// `gad serve` that comes back where it was.
pub struct Replica {
    place: Place,
    arguments: Vec<String>,
    listen: String,
    server: Option<Server>,
}

impl Replica {
    /// Serves on a free port, with more arguments than where the record is.
    pub async fn starts(place: &Place, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let listen = "127.0.0.1:0".to_owned();
        let mut replica = Self { place: place.clone(), arguments, listen, server: None };
        replica.starts_again().await;
        replica
    }

    /// Serves where it did before.
    pub async fn starts_again(&mut self) {
        let mut arguments = vec!["serve", "--listen", &self.listen];
        arguments.extend(self.arguments.iter().map(String::as_str));
        let server = self.place.serves_by(&arguments).await;
        server.url.trim_start_matches("http://").clone_into(&mut self.listen);
        self.server = Some(server);
    }

    /// Where it serves, or did.
    pub fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// Its address and port.
    pub fn address(&self) -> &str {
        &self.listen
    }

    fn server(&self) -> &Server {
        self.server.as_ref().expect("it serves")
    }

    /// The supervisor, signed in here.
    pub async fn supervisor(&self) -> Person {
        self.server().supervisor().await
    }

    /// Somebody hired, signed in here.
    pub async fn signs_in(&self, email: &str) -> Person {
        self.server().signs_in(email).await
    }

    /// Somebody without a token.
    pub fn stranger(&self) -> Person {
        self.server().stranger()
    }

    /// Sends a signal, like `STOP`.
    pub async fn is_told(&self, signal: &str) {
        self.server().is_told(signal).await;
    }

    /// `kill -9`.
    pub async fn dies(&mut self) {
        self.server.take().expect("it serves").dies().await;
    }

    /// SIGTERM; whether it ended well.
    pub async fn ends(&mut self) -> bool {
        self.server.take().expect("it serves").ends().await
    }

    /// Waits for its end, of which it has been told; whether it ended well.
    pub async fn has_ended(&mut self) -> bool {
        self.server.take().expect("it serves").has_ended().await
    }
}

/// Stories of whole offices under load are told one at a time: two at once would measure the machine.
pub async fn alone() -> tokio::sync::MutexGuard<'static, ()> {
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    TURN.lock().await
}
