//! Bodies on their way in and out.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes};
use axum::http::Request;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::Instant;

use super::alarm::Alarm;
use super::limits::Pace;
use super::measure::Slow;
use super::room::{Waiter, WaitingPlace};
use super::turn::Turn;

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It came slower than it must.
    #[error("the body came too slowly")]
    TooSlow,
    /// Too many from one address are waited for.
    #[error("too many bodies of this address are waited for")]
    TooMany,
}

impl Unread {
    /// Whether this, and which, is why a body could not be read.
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(why) = error.downcast_ref::<Self>() {
                return Some(*why);
            }
            cause = error.source();
        }
        None
    }
}

/// Whether a client let us wait for its body: then the time of the answer says nothing of us.
#[derive(Debug, Clone, Default)]
pub struct Awaited(Arc<AtomicBool>);

/// A body that takes longer has been waited for.
const NOTICED: Duration = Duration::from_millis(50);

impl Awaited {
    /// Whether it did.
    pub fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The body of a request, which must come at a certain pace once it is read.
struct Arriving {
    body: Incoming,
    pace: Pace,
    waiter: Waiter,
    awaited: Awaited,
    wait: Option<Wait>,
}

/// A body that was not there at once.
struct Wait {
    since: Instant,
    due: Instant,
    alarm: Alarm,
    _place: WaitingPlace,
}

/// A request whose body is watched.
pub fn arriving(request: Request<Incoming>, pace: Pace, waiter: &Waiter) -> Request<Body> {
    let (mut parts, body) = request.into_parts();
    if body.is_end_stream() {
        return Request::from_parts(parts, Body::empty());
    }
    let awaited = Awaited::default();
    parts.extensions.insert(awaited.clone());
    Request::from_parts(parts, Body::new(Arriving { body, pace, waiter: waiter.clone(), awaited, wait: None }))
}

impl Arriving {
    fn waits(&mut self, cx: &mut Context<'_>) -> Poll<Unread> {
        let wait = match &mut self.wait {
            Some(wait) => wait,
            none => {
                let Some(place) = self.waiter.waits() else { return Poll::Ready(Unread::TooMany) };
                let (since, due) = (Instant::now(), self.pace.begins());
                none.insert(Wait { since, due, alarm: Alarm::default(), _place: place })
            }
        };
        wait.alarm.poll(cx, wait.due).map(|()| {
            Slow::Body.is_given_up();
            Unread::TooSlow
        })
    }

    fn came(&mut self, bytes: usize) {
        if let Some(wait) = &mut self.wait {
            wait.due = self.pace.moved(wait.due, bytes);
            if wait.since.elapsed() > NOTICED {
                self.awaited.0.store(true, Ordering::Relaxed);
            }
        }
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.came(frame.data_ref().map_or(0, Bytes::len));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(end) => Poll::Ready(end.map(|failed| failed.map_err(Into::into))),
            Poll::Pending => self.waits(cx).map(|why| Some(Err(why.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer, which says when it has been given.
pub struct Leaving {
    body: Body,
    turn: Arc<Turn>,
}

impl Leaving {
    pub const fn new(body: Body, turn: Arc<Turn>) -> Self {
        Self { body, turn }
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.turn.answered();
    }
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
