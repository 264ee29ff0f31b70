//! Updates posted to a webhook, again and again until they are taken.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::state::{Hub, State, Webhook};

/// Longest wait for a webhook's answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest pause between two tries. Telegram's own grows to minutes, which no test waits for.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Posts what is queued while there is a webhook, one at a time to each chat.
pub async fn deliver(hub: Arc<Hub>) {
    let (mut posts, mut changes) = (JoinSet::new(), hub.changes());
    loop {
        let next = hub.look().next_posts(posts.len());
        for (id, webhook, address, body) in next {
            posts.spawn(async move {
                let posted = timeout(PATIENCE, post(&webhook, address.as_deref(), &body)).await;
                (id, posted.context("no answer in time").flatten())
            });
        }
        let retry = hub.look().next_retry();
        tokio::select! {
            Some(Ok((id, posted))) = posts.join_next() => hub.change(|state| state.posted(id, posted)),
            changed = changes.changed() => if changed.is_err() { return },
            () = async { sleep_until(retry.unwrap_or_else(Instant::now)).await }, if retry.is_some() => {}
        }
    }
}

type Post = (i64, Webhook, Option<String>, String);

impl State {
    fn next_posts(&mut self, under_way: usize) -> Vec<Post> {
        let Some(webhook) = self.webhook.clone() else { return Vec::new() };
        let (now, mut busy, mut posts) = (Instant::now(), std::collections::HashSet::new(), Vec::new());
        for update in &mut self.updates {
            // The first of a chat holds the others back, also while it waits for its next try.
            if !busy.insert(update.chat) || update.under_way || update.not_before.is_some_and(|time| time > now) {
                continue;
            }
            if under_way + posts.len() >= webhook.connections {
                break;
            }
            update.under_way = true;
            posts.push((update.id, webhook.clone(), self.webhook_address.clone(), update.body.to_string()));
        }
        posts
    }

    fn next_retry(&self) -> Option<Instant> {
        self.webhook.as_ref()?;
        self.updates.iter().filter(|update| !update.under_way).filter_map(|update| update.not_before).min()
    }

    fn posted(&mut self, id: i64, posted: Result<()>) {
        let at = self.unix();
        let twice = self.posts_twice;
        let Some(place) = self.updates.iter().position(|update| update.id == id) else { return };
        match posted {
            Ok(()) if !twice || self.updates[place].tries > 0 => _ = self.updates.remove(place),
            Ok(()) => (self.updates[place].tries, self.updates[place].under_way) = (1, false),
            Err(error) => {
                let update = &mut self.updates[place];
                update.tries += 1;
                update.under_way = false;
                let pause = Duration::from_millis(100) * 2_u32.saturating_pow(update.tries.min(8));
                update.not_before = Some(Instant::now() + pause.min(LONGEST_PAUSE));
                if let Some(webhook) = &mut self.webhook {
                    webhook.last_error = Some((at, format!("{error:#}")));
                }
            }
        }
    }
}

async fn post(webhook: &Webhook, address: Option<&str>, body: &str) -> Result<()> {
    let url = url::Url::parse(&webhook.url)?;
    let authority = format!("{}:{}", url.host_str().context("no host")?, url.port_or_known_default().unwrap_or(80));
    let stream = TcpStream::connect(address.unwrap_or(&authority)).await.context("Connection refused")?;
    let (mut client, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let mut request = Request::post(url.path()).header("host", &authority).header("content-type", "application/json");
    if let Some(secret) = &webhook.secret {
        request = request.header("x-telegram-bot-api-secret-token", secret);
    }
    let request = request.body(Full::new(Bytes::from(body.to_owned())))?;
    let exchange = async move { Ok::<_, hyper::Error>(client.send_request(request).await?.status()) };
    let mut exchange = std::pin::pin!(exchange);
    let status = tokio::select! {
        status = &mut exchange => status?,
        // It may end right after the answer, which is then there.
        ended = connection => {
            ended?;
            exchange.await?
        }
    };
    ensure!(status.is_success(), "Wrong response from the webhook: {status}");
    Ok(())
}
