//! The one task of a replica that gives offsets and tells this replica's screens what happened.

use std::time::Duration;

use domain::event::{LogPosition, Logged};
use resilience::CancellationToken;
use serde::{Deserialize, Serialize};
use store::UnreadableIn;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use super::read;
use crate::{Context, Result};

/// Events read or numbered at once.
const PART: u32 = 500;
/// Between two looks at the log when nobody says that it grew: what another replica did is then
/// told this late at most.
const LOOK: Duration = Duration::from_millis(500);
/// Pause after the record did not answer.
const PAUSE: Duration = Duration::from_millis(500);

/// What replicas tell each other. The log is the truth; this only spares the others a look at it.
#[derive(Serialize, Deserialize)]
struct Shared {
    origin: Uuid,
    epoch: Uuid,
    events: Vec<Logged>,
}

/// Why the log is looked at.
enum Wake {
    Pushed,
    Heard(Shared),
    Look,
    Stop,
}

/// Follows the log after `from` (from its present end, when absent), and hands each event to `tell`
/// once, in order, until told to stop; without an event where the log was read on over rows that this
/// program cannot read. `tell` must not wait.
pub async fn follow(
    cx: Context,
    stop: CancellationToken,
    from: Option<LogPosition>,
    tell: impl Fn(LogPosition, Option<Logged>) + Send,
) {
    let origin = cx.rng.uuid();
    let mut heard = cx.bus.events.subscribe();
    let Some(head) = start(&cx, &stop).await else { return };
    // Of another epoch, what was told before means nothing.
    let mut at = from.filter(|from| from.epoch == head.epoch).unwrap_or(head);
    loop {
        let outcome = match wake(&cx, &mut heard, &stop, origin).await {
            Wake::Stop => {
                // What was committed until now is still told.
                if let Err(error) = catch_up(&cx, &mut at, origin, &tell).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "the last events were not told");
                }
                return;
            }
            Wake::Heard(shared) => listen(&cx, &mut at, shared, origin, &tell).await,
            Wake::Pushed | Wake::Look => catch_up(&cx, &mut at, origin, &tell).await,
        };
        if let Err(error) = outcome {
            tracing::warn!(error = &error as &dyn std::error::Error, "the log of events was not read");
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
}

/// The end of the log, as soon as the record tells it; `None` when told to stop before.
async fn start(cx: &Context, stop: &CancellationToken) -> Option<LogPosition> {
    while !stop.is_cancelled() {
        match read::head(cx).await {
            Ok(at) => return Some(at),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the log of events was not read"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    None
}

async fn wake(
    cx: &Context,
    heard: &mut broadcast::Receiver<bytes::Bytes>,
    stop: &CancellationToken,
    origin: Uuid,
) -> Wake {
    loop {
        tokio::select! {
            () = stop.cancelled() => return Wake::Stop,
            () = cx.store.events_pushed().notified() => return Wake::Pushed,
            () = tokio::time::sleep(LOOK) => return Wake::Look,
            told = heard.recv() => match told {
                Ok(bytes) => match serde_json::from_slice::<Shared>(&bytes) {
                    Ok(shared) if shared.origin == origin => {}
                    Ok(shared) => return Wake::Heard(shared),
                    Err(error) => {
                        // Of a newer program, perhaps: the log has it in any case.
                        UnreadableIn::Bus.counter().increment(1);
                        tracing::debug!(%error, "a replica said something unknown");
                        return Wake::Look;
                    }
                },
                Err(RecvError::Lagged(_)) => return Wake::Look,
                // The bus is closing: from now on the log is looked at.
                Err(RecvError::Closed) => {
                    tokio::time::sleep(LOOK).await;
                    return Wake::Look;
                }
            },
        }
    }
}

/// Takes what another replica said where it is just what comes next, else looks at the log.
async fn listen(
    cx: &Context,
    at: &mut LogPosition,
    shared: Shared,
    origin: Uuid,
    tell: &(impl Fn(LogPosition, Option<Logged>) + Send),
) -> Result<()> {
    let new: Vec<Logged> = shared.events.into_iter().filter(|event| event.offset > at.offset).collect();
    let follows = new.iter().zip(at.offset + 1..).all(|(event, expected)| event.offset == expected);
    if shared.epoch != at.epoch || !follows {
        return catch_up(cx, at, origin, tell).await;
    }
    for event in new {
        at.offset = event.offset;
        note(&event, "another replica");
        tell(*at, Some(event));
    }
    Ok(())
}

/// Says in the log which event of which request is handed to the screens of this replica.
fn note(event: &Logged, from: &'static str) {
    let (offset, kind, message_id) = (event.offset, event.event.kind().as_str(), event.message_id);
    let (request_id, task) = (event.request_id.as_deref(), event.event.task().map(|task| task.id.0));
    tracing::debug!(request_id, task.id = task, offset, kind, %message_id, from, "event told");
}

/// Numbers what waits for a number, tells what this replica has not told, and lets the others know.
async fn catch_up(
    cx: &Context,
    at: &mut LogPosition,
    origin: Uuid,
    tell: &(impl Fn(LogPosition, Option<Logged>) + Send),
) -> Result<()> {
    let mut numbered = 0;
    loop {
        let count = cx.store.sequence(PART).await?;
        numbered += count;
        if count < u64::from(PART) {
            break;
        }
    }
    loop {
        let page = read::all_since(cx, at.offset, PART).await?;
        read::warn_unreadable(&page.unreadable);
        let (is_end, last, events) = (page.is_end(PART), page.last(), page.events);
        let shared =
            (numbered > 0 && !events.is_empty()).then(|| Shared { origin, epoch: at.epoch, events: events.clone() });
        for event in events {
            at.offset = event.offset;
            note(&event, "the log");
            tell(*at, Some(event));
        }
        // Rows after the last event that could be read: else they would be read again for ever.
        if let Some(last) = last.filter(|last| *last > at.offset) {
            at.offset = last;
            tell(*at, None);
        }
        // Last: a bus that does not answer keeps nobody here waiting.
        if let Some(shared) = shared {
            share(cx, &shared).await;
        }
        if is_end {
            return Ok(());
        }
    }
}

async fn share(cx: &Context, shared: &Shared) {
    match serde_json::to_vec(shared) {
        // Lost when the bus is away: the others look at the log by themselves.
        Ok(text) => cx.bus.events.publish(text.into()).await,
        Err(error) => tracing::error!(%error, "events could not be written for the other replicas"),
    }
}
