//! Events as a stream that HTTP clients of every kind understand.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use app::Context;
use app::auth::Bearer;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::event::LogPosition;
use tokio::sync::{broadcast, oneshot};

use crate::error::Result;
use crate::ws::close::Goodbye;
use crate::ws::frame::Frame;
use crate::ws::hub::Hub;
use crate::ws::message_type::MessageType;
use crate::ws::notice;
use crate::ws::registry::ConnectionId;
use crate::ws::topic::Choice;

/// Between two signs of life.
const ALIVE: Duration = Duration::from_secs(15);
/// Events read at once.
const PART: u32 = 200;

/// A stream, as far as it has come. Dropping it leaves the registry.
struct Stream {
    cx: Context,
    hub: Hub,
    id: ConnectionId,
    bearer: Bearer,
    everything: Choice,
    live: broadcast::Receiver<Arc<Frame>>,
    goodbye: oneshot::Receiver<Goodbye>,
    at: LogPosition,
    /// Whether the log has been read up to what comes live.
    is_live: bool,
    ready: VecDeque<Event>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.hub.leave(self.id);
    }
}

/// Begins a stream after `from`, or now.
pub async fn open(cx: Context, hub: Hub, bearer: Bearer, from: Option<LogPosition>) -> Result<Response> {
    let retry_after = Duration::from_secs(1);
    let full = || app::Error::Unavailable { retry_after, source: "no room for more streams".into() };
    let (id, goodbye) = hub.enter(&bearer).ok_or_else(full)?;
    // Listening begins before the log is read, so that nothing falls between the two.
    let live = hub.listen();
    let mut stream = Stream {
        hub,
        id,
        bearer,
        everything: Choice::default(),
        live,
        goodbye,
        at: LogPosition { epoch: uuid::Uuid::nil(), offset: 0 },
        is_live: from.is_none(),
        ready: VecDeque::new(),
        cx,
    };
    let head = app::events::head(&stream.cx).await?;
    stream.at = head;
    if let Some(from) = from {
        let page = app::events::after(&stream.cx, &stream.bearer.actor, Some(from), 1).await?;
        if page.has_gap {
            stream.is_live = true;
            let now = stream.cx.clock.now();
            let text = notice::resync(head, now).text();
            stream.ready.push_back(event(MessageType::SystemStatus, head, text.as_str()));
        } else {
            stream.at = from;
        }
    }
    let events = futures::stream::unfold(stream, |mut stream| async {
        let event = stream.next().await?;
        Some((Ok::<_, Infallible>(event), stream))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response())
}

fn event(kind: MessageType, at: LogPosition, text: &str) -> Event {
    Event::default().event(kind.as_str()).id(at.to_string()).data(text)
}

impl Stream {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.is_live { self.wait().await? } else { self.read_on().await? }
        }
    }

    fn add(&mut self, frame: &Frame) {
        // Positions are told to sockets, the newest of each: here they never come live.
        if let Some(at) = frame.place()
            && frame.kind() != MessageType::OfficerLocation
            && frame.is_for(&self.bearer.actor, &self.everything)
        {
            self.ready.push_back(event(frame.kind(), at, frame.text().as_str()));
        }
    }

    /// Reads the log; `None` ends the stream, and its client resumes.
    async fn read_on(&mut self) -> Option<()> {
        let page = app::events::since(&self.cx, &self.bearer.actor, self.at.offset, PART).await.ok()?;
        self.is_live = page.is_end(PART);
        let last = page.last();
        for logged in page.events {
            self.at.offset = logged.offset;
            let frame = Frame::logged(self.at, logged);
            self.add(&frame);
        }
        // Past rows that this program cannot read.
        self.at.offset = last.unwrap_or(self.at.offset);
        Some(())
    }

    /// Waits for what happens; `None` ends the stream, and its client resumes or signs in anew.
    async fn wait(&mut self) -> Option<()> {
        let left = (self.bearer.expires_at - self.cx.clock.now()).to_std().ok()?;
        tokio::select! {
            _ = &mut self.goodbye => None,
            () = tokio::time::sleep(left) => None,
            told = self.live.recv() => {
                let frame = told.ok()?;
                if let Some(place) = frame.place()
                    && place.offset > self.at.offset
                {
                    self.at = place;
                    self.add(&frame);
                }
                Some(())
            }
        }
    }
}
