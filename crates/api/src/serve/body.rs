//! Bodies on their way in and out.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::Instant;

use super::alarm::Alarm;
use super::limits::Pace;
use super::measure::Slow;
use super::turn::Turn;

/// A body came slower than it must.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the body came too slowly")]
pub struct TooSlow;

impl TooSlow {
    /// Whether this is why a body could not be read.
    pub fn is_why(error: &(dyn std::error::Error + 'static)) -> bool {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if error.is::<Self>() {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

/// The body of a request, which must come at a certain pace once it is read.
struct Arriving {
    body: Incoming,
    pace: Pace,
    due: Option<Instant>,
    alarm: Alarm,
}

/// The body of a request.
pub fn arriving(body: Incoming, pace: Pace) -> Body {
    if body.is_end_stream() {
        return Body::empty();
    }
    Body::new(Arriving { body, pace, due: None, alarm: Alarm::default() })
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                this.due = this.due.map(|due| this.pace.moved(due, bytes));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(end) => Poll::Ready(end.map(|failed| failed.map_err(Into::into))),
            Poll::Pending => {
                let due = *this.due.get_or_insert_with(|| this.pace.begins());
                this.alarm.poll(cx, due).map(|()| {
                    Slow::Body.is_given_up();
                    Some(Err(TooSlow.into()))
                })
            }
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
