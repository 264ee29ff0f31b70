//! Spans on their way to a collector: a bounded queue, and the task that empties it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use resilience::{CancellationToken, Dependency, Outcome, Tasks, Trip};
use tokio::sync::Notify;
use url::Url;

use super::encode;
use super::span::Span;
use crate::http;

/// Most spans that wait; what comes beyond is dropped, and counted.
const MOST: usize = 4096;
/// Most spans that are sent at once.
const PART: usize = 512;
/// Longest wait of a span for others.
const LINGER: Duration = Duration::from_secs(1);
/// Longest wait for a collector; short enough for the last part of a shutdown.
const ANSWER: Duration = Duration::from_secs(2);

/// Spans on their way to one collector.
pub struct Queue {
    /// Where spans go.
    url: Url,
    // A std mutex: held only to push or drain.
    spans: Mutex<VecDeque<Span>>,
    many: Notify,
    dependency: Dependency,
}

impl Queue {
    /// For the collector at this address, without `v1/traces`.
    pub fn to(endpoint: &Url) -> Arc<Self> {
        let mut url = endpoint.clone();
        let path = format!("{}/v1/traces", endpoint.path().trim_end_matches('/'));
        url.set_path(&path);
        let dependency = Dependency::new("collector", Trip::default());
        Arc::new(Self { url, spans: Mutex::default(), many: Notify::new(), dependency })
    }

    /// One more span. Waits for nobody.
    pub fn push(&self, span: Span) {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        if spans.len() >= MOST {
            count("dropped", 1);
            return;
        }
        spans.push_back(span);
        if spans.len() >= PART {
            self.many.notify_one();
        }
    }

    fn part(&self) -> Vec<Span> {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        let count = spans.len().min(PART);
        spans.drain(..count).collect()
    }

    /// Sends what comes, by a task that sends the rest when it is told to stop. Tasks are stopped in
    /// the order in which they began, the last first: so this should be begun before others.
    pub fn keep(self: &Arc<Self>, tasks: &Tasks) {
        let queue = Arc::clone(self);
        tasks.supervise("otlp", move |stop| {
            let queue = Arc::clone(&queue);
            async move { queue.empty(&stop).await }
        });
    }

    async fn empty(&self, stop: &CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.many.notified() => {}
                () = tokio::time::sleep(LINGER) => {}
            }
            // While the collector is not to be asked, spans wait.
            while let Ok(_leave) = self.dependency.leave() {
                let part = self.part();
                if part.is_empty() {
                    break;
                }
                let outcome = self.send(&part).await;
                count(if outcome.is_ok() { "sent" } else { "dropped" }, part.len());
                // A collector that is away is not asked for each part that waits.
                if let Err(error) = outcome {
                    tracing::warn!(code = "otlp", error = &*error, spans = part.len(), "traces were not taken");
                    break;
                }
            }
            if stop.is_cancelled() {
                return;
            }
        }
    }

    async fn send(&self, spans: &[Span]) -> Result<()> {
        let headers = [("content-type", "application/x-protobuf")];
        let request = http::request("POST", &self.url, &headers, encode::request(spans))?;
        let begun = Instant::now();
        let answer = http::ask(&self.url, request, ANSWER).await;
        let outcome = match &answer {
            Ok(_) => Outcome::Answered,
            Err(_) if begun.elapsed() >= ANSWER => Outcome::TimedOut,
            Err(_) => Outcome::Failed,
        };
        self.dependency.note(outcome, begun.elapsed());
        let answer = answer?;
        if !answer.status().is_success() {
            bail!("the collector answered {}", answer.status());
        }
        Ok(())
    }
}

/// Counts spans by what became of them.
pub fn count(outcome: &'static str, spans: usize) {
    metrics::counter!("gad_otlp_spans_total", "outcome" => outcome).increment(spans as u64);
}
