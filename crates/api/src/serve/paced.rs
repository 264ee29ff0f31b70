//! A connection that does not wait for slow peers for ever.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::alarm::Alarm;
use super::limits::ServeLimits;
use super::measure::Slow;
use super::room::Place;
use super::turn::{Phase, Turn};

/// A stream whose reads and writes fail when the peer is too slow, as [`Turn`] and
/// [`ServeLimits`] have it. It holds the connection's place for as long as it lives, as a socket
/// too.
pub struct Paced<S> {
    io: S,
    turn: Arc<Turn>,
    limits: Arc<ServeLimits>,
    /// The turn that `due` was reckoned for.
    seen: Option<u32>,
    due: Option<Instant>,
    reading: Alarm,
    /// When the peer must have taken more, while it takes nothing.
    takes_by: Option<Instant>,
    writing: Alarm,
    _place: Place,
}

impl<S> Paced<S> {
    pub fn new(io: S, turn: Arc<Turn>, limits: Arc<ServeLimits>, place: Place) -> Self {
        let (reading, writing) = (Alarm::default(), Alarm::default());
        Self { io, turn, limits, seen: None, due: None, reading, takes_by: None, writing, _place: place }
    }

    /// The peer sends nothing: whether that has lasted too long.
    fn waits(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let turn = self.turn.number();
        if self.seen != Some(turn) {
            self.seen = Some(turn);
            let longest = match self.turn.phase() {
                Phase::Opened | Phase::Head => Some(self.limits.head),
                Phase::Between => Some(self.limits.keep_alive),
                Phase::Answering => None,
                Phase::Socket => {
                    self.reading.is_not_needed();
                    self.writing.is_not_needed();
                    None
                }
            };
            self.due = longest.map(|longest| Instant::now() + longest);
        }
        let Some(due) = self.due else { return Poll::Pending };
        self.reading.poll(cx, due).map(|()| {
            if self.turn.phase() != Phase::Between {
                Slow::Head.is_given_up();
            }
            io::ErrorKind::TimedOut.into()
        })
    }

    /// The peer takes nothing: whether that has lasted too long.
    fn is_stuck(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        if self.turn.phase() == Phase::Socket {
            return Poll::Pending;
        }
        let due = *self.takes_by.get_or_insert_with(|| self.limits.pace.begins());
        self.writing.poll(cx, due).map(|()| {
            Slow::Answer.is_given_up();
            io::ErrorKind::TimedOut.into()
        })
    }

    fn written(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Pending => self.is_stuck(cx).map(Err),
            Poll::Ready(Ok(bytes)) => {
                self.takes_by = self.takes_by.map(|due| self.limits.pace.moved(due, bytes));
                Poll::Ready(Ok(bytes))
            }
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }

    fn done(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<()>>) -> Poll<io::Result<()>> {
        match outcome {
            Poll::Pending => self.is_stuck(cx).map(Err),
            done @ Poll::Ready(_) => {
                self.takes_by = None;
                done
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.io).poll_read(cx, buf) {
            Poll::Pending => self.waits(cx).map(Err),
            ready @ Poll::Ready(_) => {
                if buf.filled().len() > before {
                    self.turn.heard();
                }
                ready
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.written(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.io).poll_write_vectored(cx, bytes);
        self.written(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.io).poll_flush(cx);
        let outcome = self.done(cx, outcome);
        // hyper does not read again where nothing came before: the silence begins here.
        if let (Poll::Ready(Ok(())), Phase::Between) = (&outcome, self.turn.phase())
            && let Poll::Ready(error) = self.waits(cx)
        {
            return Poll::Ready(Err(error));
        }
        outcome
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.io).poll_shutdown(cx);
        self.done(cx, outcome)
    }
}
