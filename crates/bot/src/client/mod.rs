//! Telegram's Bot API: calls with a deadline, a breaker and figures.
//!
//! The token stands in the path of every call. So no error here holds a URL, and none of it is
//! logged: docs/decisions/0021-telegram-client.md.

mod address;
mod download;
mod failure;
mod form;
mod updates;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, StatusCode, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use resilience::{Dependency, Outcome, Trip, deadline};
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

pub use address::{Address, InvalidToken, Token};
pub use failure::Failure;
pub use updates::{ALLOWED, Webhook};

use crate::model::{ChatId, File, MessageId, Outgoing};

/// Longest wait for a call that Telegram answers at once.
const CALL: Duration = Duration::from_secs(5);
/// Longest wait for a file to be taken.
const UPLOAD: Duration = Duration::from_secs(30);
/// Most bytes of an answer; a hundred updates with long texts stay far below.
const MOST: usize = 8 * 1024 * 1024;
/// How long a connection is kept for the next call. Telegram closes after about a minute.
const IDLE: Duration = Duration::from_secs(50);

/// Nothing to speak TLS with.
#[derive(Debug, thiserror::Error)]
#[error("no certificates of this system to know Telegram by")]
pub struct NoRoots(#[source] std::io::Error);

/// The Bot API of one bot. Cheap to clone.
#[derive(Clone)]
pub struct Telegram(Arc<Inner>);

struct Inner {
    address: Address,
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    dependency: Dependency,
    /// Files that may come at once: each is held whole.
    downloads: Semaphore,
}

impl Telegram {
    /// The bot behind `address`. Asks nobody yet.
    ///
    /// # Errors
    /// When the address needs TLS and this system knows no certificates.
    pub fn new(address: Address) -> Result<Self, NoRoots> {
        let provider = rustls::crypto::ring::default_provider();
        let builder = HttpsConnectorBuilder::new();
        let connector = if address.is_tls() {
            builder.with_provider_and_native_roots(provider).map_err(NoRoots)?.https_only().enable_http1().build()
        } else {
            // A server of the Bot API on this machine, or one that stands in for it in tests.
            let none = rustls::RootCertStore::empty();
            let config = rustls::ClientConfig::builder_with_provider(Arc::new(provider))
                .with_safe_default_protocol_versions()
                .map_err(|error| NoRoots(std::io::Error::other(error)))?;
            let config = config.with_root_certificates(none).with_no_client_auth();
            builder.with_tls_config(config).https_or_http().enable_http1().build()
        };
        let http = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(16)
            .pool_timer(TokioTimer::new())
            .build(connector);
        // Shorter pauses would make a limit that Telegram has put on us worse.
        let trip = Trip { in_a_row: 8, first: Duration::from_secs(1), longest: Duration::from_secs(15) };
        let dependency = Dependency::new("telegram", trip);
        Ok(Self(Arc::new(Inner { address, http, dependency, downloads: Semaphore::new(download::AT_ONCE) })))
    }

    /// The breaker, budget of retries and figures of calls.
    pub fn dependency(&self) -> &Dependency {
        &self.0.dependency
    }

    /// Makes a call that was prepared. Gives the number of the message that came of it, if one did.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn send(&self, message: &Outgoing) -> Result<Option<MessageId>, Failure> {
        let result = self.post(message.method.as_str(), &message.body, message.file.as_ref()).await?;
        Ok(result.get("message_id").and_then(Value::as_i64).map(MessageId))
    }

    /// What Telegram knows of a chat that the bot is in.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn chat(&self, chat: ChatId) -> Result<Value, Failure> {
        let mut fields = Map::new();
        fields.insert("chat_id".to_owned(), chat.0.into());
        self.post("getChat", &fields, None).await
    }

    /// Makes a call that Telegram answers at once.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn post(&self, method: &str, fields: &Map<String, Value>, file: Option<&File>) -> Result<Value, Failure> {
        let limit = if file.is_some() { UPLOAD } else { CALL };
        self.counted(method, self.exchange(method, fields, file, limit)).await
    }

    /// Waits for a call, unless Telegram is not asked for the moment, and counts what came of it.
    async fn counted<T>(&self, method: &str, call: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let _leave = self.0.dependency.leave().map_err(|_| Failure::NotAsked)?;
        let began = Instant::now();
        let outcome = call.await;
        let noted = match &outcome {
            Err(Failure::Late) => Outcome::TimedOut,
            Err(Failure::Away(_)) => Outcome::Failed,
            Ok(_) | Err(_) => Outcome::Answered,
        };
        self.0.dependency.note(noted, began.elapsed());
        let answer = match &outcome {
            Ok(_) => "ok",
            Err(failure) => failure.name(),
        };
        metrics::counter!("gad_telegram_calls_total", "method" => known(method), "answer" => answer).increment(1);
        outcome
    }

    /// One call, past the breaker: a long poll may not hold back what is to be sent.
    async fn exchange(
        &self,
        method: &str,
        fields: &Map<String, Value>,
        file: Option<&File>,
        limit: Duration,
    ) -> Result<Value, Failure> {
        let (kind, body) = match file {
            None => ("application/json".to_owned(), serde_json::to_vec(fields).map_err(Failure::defect)?),
            Some(file) => form::encode(fields, file),
        };
        let request = Request::post(self.0.address.method(method))
            .header(header::CONTENT_TYPE, kind)
            .body(Full::from(body))
            .map_err(Failure::defect)?;
        let answer = deadline("telegram", limit, async {
            let (head, body) = self.0.http.request(request).await.map_err(|error| Failure::away(&error))?.into_parts();
            let body = Limited::new(body, MOST).collect().await.map_err(|error| Failure::away(&*error))?;
            Ok::<(StatusCode, Bytes), Failure>((head.status, body.to_bytes()))
        });
        let (status, body) = answer.await.map_err(|_| Failure::Late)??;
        failure::read(status, &body)
    }
}

/// The name of a method in figures: what is called is few, but comes as text.
fn known(method: &str) -> &'static str {
    let sent = crate::model::Method::from_name(method).map(crate::model::Method::as_str);
    sent.unwrap_or(match method {
        "getMe" => "getMe",
        "getChat" => "getChat",
        "getFile" => "getFile",
        download::NAME => download::NAME,
        "getUpdates" => "getUpdates",
        "setWebhook" => "setWebhook",
        "deleteWebhook" => "deleteWebhook",
        "setMyCommands" => "setMyCommands",
        _ => "other",
    })
}
