//! Pub/Sub between replicas.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use redis::AsyncCommands;
use resilience::{CancellationToken, Pauses, Tasks, deadline};
use tokio::sync::broadcast;

use super::failure::RedisFailure;
use super::link::{ANSWER, CONNECT, Link};
use crate::events::{BACKLOG, EventChannel};

/// Between two signs of life of a connection on which nothing comes.
const BEAT: Duration = Duration::from_secs(2);
/// First pause before another try to listen; doubled each time up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Longest pause before another try to listen.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Listening as an operation.
const LISTENING: &str = "subscribe";

/// Messages over one channel of Redis.
pub struct RedisEvents {
    link: Link,
    channel: String,
    heard: broadcast::Sender<Bytes>,
}

impl RedisEvents {
    /// Listens on `channel` by a task of its own, again and again after the connection was lost.
    pub fn start(link: Link, channel: &str, tasks: &Tasks) -> Self {
        let heard = broadcast::channel(BACKLOG).0;
        let (of, name, tell) = (link.clone(), channel.to_owned(), heard.clone());
        tasks.supervise("redis-listen", move |stop| {
            let (link, channel, heard) = (of.clone(), name.clone(), tell.clone());
            async move { listen_until(&link, &channel, &heard, &stop).await }
        });
        Self { link, channel: channel.to_owned(), heard }
    }
}

async fn listen_until(link: &Link, channel: &str, heard: &broadcast::Sender<Bytes>, stop: &CancellationToken) {
    let mut pauses = Pauses::between(FIRST_PAUSE, LONGEST_PAUSE);
    while !stop.is_cancelled() {
        let begun = tokio::time::Instant::now();
        tokio::select! {
            () = stop.cancelled() => break,
            outcome = listen(link, channel, heard) => {
                if let Err(error) = outcome {
                    tracing::debug!(error, "not listening to Redis; the log is looked at instead");
                }
            }
        }
        if begun.elapsed() > LONGEST_PAUSE {
            pauses.reset();
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pauses.pause()) => {}
        }
    }
}

/// Listens until the connection is lost or silent.
async fn listen(link: &Link, channel: &str, heard: &broadcast::Sender<Bytes>) -> Result<(), String> {
    // The connection of `ask` meets and reports what concerns both; a channel that the access list
    // does not allow is met here only.
    let refused = |error: redis::RedisError| {
        let (failure, text) = (RedisFailure::of_error(&error), error.to_string());
        if failure == RedisFailure::NoPermission {
            link.is_refused(LISTENING, failure, &text);
        }
        text
    };
    let connect = deadline("redis", CONNECT, link.client().get_async_pubsub()).await;
    let pubsub = connect.map_err(|elapsed| elapsed.to_string())?.map_err(refused)?;
    let (mut sink, mut stream) = pubsub.split();
    let subscribed = deadline("redis", ANSWER, sink.subscribe(channel)).await;
    subscribed.map_err(|elapsed| elapsed.to_string())?.map_err(refused)?;
    link.is_allowed(LISTENING);
    tracing::debug!("listening to Redis");
    loop {
        tokio::select! {
            message = stream.next() => match message {
                // An error only says that nobody listens in this process.
                Some(message) => drop(heard.send(Bytes::copy_from_slice(message.get_payload_bytes()))),
                None => return Err("the connection was lost".to_owned()),
            },
            () = tokio::time::sleep(BEAT) => {
                let alive = deadline("redis", ANSWER, sink.ping::<redis::Value>()).await;
                alive.map_err(|elapsed| elapsed.to_string())?.map_err(|error| error.to_string())?;
            }
        }
    }
}

#[async_trait]
impl EventChannel for RedisEvents {
    async fn publish(&self, message: Bytes) {
        let channel = self.channel.clone();
        let _ = self
            .link
            .ask("publish", |mut redis| async move { redis.publish::<_, _, u64>(channel, message.as_ref()).await })
            .await;
    }

    fn subscribe(&self) -> broadcast::Receiver<Bytes> {
        self.heard.subscribe()
    }
}
