//! One socket, from its first message to its last.

use std::sync::Arc;

use app::auth::Bearer;
use app::{Context, Error};
use chrono::{DateTime, TimeDelta, Utc};
use domain::event::LogPosition;
use futures::{SinkExt as _, StreamExt as _};
use resilience::{Defect, deadline};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, oneshot};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::{self, Message};

use super::close::Goodbye;
use super::counted_frames::TooManyFragments;
use super::envelope::Envelope;
use super::farewell;
use super::frame::Frame;
use super::handshake::OpenSocket;
use super::hub::Hub;
use super::message_type::MessageType;
use super::notice::{GreetingOut, PingOut, value};
use super::registry::ConnectionId;
use super::replay;
use super::topic::Choice;

/// Signs of life that a peer may miss.
const MISSED: u32 = 2;

/// A connection that has been let in.
pub struct Socket {
    /// The office.
    pub cx: Context,
    /// What all sockets share.
    pub hub: Hub,
    /// Which connection.
    pub id: ConnectionId,
    /// Who it speaks for.
    pub bearer: Box<Bearer>,
    wire: OpenSocket,
    pub(super) choice: Choice,
    /// The last offset that was sent, or that the peer had already.
    last: i64,
    /// Of which log that is an offset.
    epoch: uuid::Uuid,
    /// The offset up to which positions were sent.
    pinned: i64,
    pub(super) heard_at: Instant,
    pub(super) inbound: Inflow,
}

/// Counts messages of the present second.
pub(super) struct Inflow {
    pub(super) since: Instant,
    pub(super) count: u32,
}

/// Leaves the registry however the socket ends.
struct Present<'a> {
    hub: &'a Hub,
    id: ConnectionId,
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.hub.leave(self.id);
    }
}

/// Lets a connection in and serves it to its end.
pub async fn serve(cx: Context, hub: Hub, bearer: Box<Bearer>, from: Option<LogPosition>, mut wire: OpenSocket) {
    let Some((id, goodbye)) = hub.enter(&bearer) else {
        return Box::pin(refuse(&hub, &mut wire, &Goodbye::TryLater)).await;
    };
    let _present = Present { hub: &hub, id };
    let mut socket = Socket {
        cx,
        hub: hub.clone(),
        id,
        bearer,
        wire,
        choice: Choice::default(),
        last: 0,
        epoch: uuid::Uuid::nil(),
        pinned: 0,
        heard_at: Instant::now(),
        inbound: Inflow { since: Instant::now(), count: 0 },
    };
    // Listening begins before the log is read, so that nothing falls between the two.
    let live = hub.listen();
    // What happens once or seldom has its state outside of what every silent socket holds.
    let end = match Box::pin(socket.begin(from)).await {
        Ok(()) => socket.follow(live, goodbye).await,
        Err(end) => end,
    };
    let goodbye = match end {
        End::Gone => return,
        End::Closed => return Box::pin(farewell::answer(&mut socket.wire)).await,
        // Of this socket, not of the process: frames that were handed out may wait for it still.
        End::Dismissed(Goodbye::Restart(_)) => {
            Goodbye::restart_from(LogPosition { epoch: socket.epoch, offset: socket.last })
        }
        End::Dismissed(other) => other,
    };
    Box::pin(refuse(&hub, &mut socket.wire, &goodbye)).await;
}

/// Closes a connection and counts it, see [`farewell::dismiss`].
pub async fn refuse(hub: &Hub, wire: &mut OpenSocket, goodbye: &Goodbye) {
    hub.measures().dismissed(goodbye);
    farewell::dismiss(wire, goodbye).await;
}

/// Why a socket ends.
pub enum End {
    /// The peer is gone.
    Gone,
    /// The peer has sent its Close, which is to be answered.
    Closed,
    /// We say goodbye.
    Dismissed(Goodbye),
}

impl Socket {
    /// Greets, and tells what was missed since `from`.
    async fn begin(&mut self, from: Option<LogPosition>) -> Result<(), End> {
        let now = self.cx.clock.now();
        let connection = uuid::Uuid::new_v4();
        let data = GreetingOut {
            connection_id: connection,
            connected_at: now,
            server_time: now,
            assigned_channel: "default",
            channel_type: "general",
        };
        let greeting = Envelope::passing(MessageType::ConnectionAck, value(data), now);
        let greeting = Envelope { channel_name: Some("default"), channel_type: Some("general"), ..greeting };
        // From here a peer can resume even if it is cut before the first event.
        let head = app::events::head(&self.cx).await.map_err(unanswered)?;
        let place = from.filter(|from| from.epoch == head.epoch && from.offset <= head.offset).unwrap_or(head);
        self.say(greeting.at(place)).await?;
        (self.last, self.epoch) = (head.offset, head.epoch);
        self.pinned = self.hub.at().map_or(head.offset, |at| at.offset.max(head.offset));
        match from {
            Some(from) => replay::replay(self, from, head).await,
            None => Ok(()),
        }
    }

    /// Tells what happens until the end.
    async fn follow(
        &mut self,
        mut live: broadcast::Receiver<Arc<Frame>>,
        mut goodbye: oneshot::Receiver<Goodbye>,
    ) -> End {
        let mut pins = self.hub.board.watch();
        let mut beat = Instant::now() + self.hub.settings.heartbeat;
        let mut next_pins = Instant::now();
        let mut pins_wait = *pins.borrow_and_update() > self.pinned;
        loop {
            let expiry = self.expiry();
            // Half a beat of grace for an answer on its way.
            let silent = self.heard_at + self.hub.settings.heartbeat * MISSED + self.hub.settings.heartbeat / 2;
            // One timer for all that is due at some time: each costs every socket.
            let due = expiry.min(silent).min(beat).min(if pins_wait { next_pins } else { beat });
            let step = tokio::select! {
                told = &mut goodbye => Err(End::Dismissed(told.unwrap_or(Goodbye::Internal))),
                told = live.recv() => self.hear(told).await,
                said = self.wire.next() => match said {
                    Some(Ok(message)) => Box::pin(self.answer(message)).await,
                    Some(Err(error)) => Err(broken(&error)),
                    None => Err(End::Gone),
                },
                changed = pins.changed(), if !pins_wait => {
                    pins_wait = changed.is_ok();
                    Ok(())
                }
                () = sleep_until(due) => {
                    if due == expiry {
                        Err(End::Dismissed(Goodbye::Expired))
                    } else if due == silent {
                        Err(End::Dismissed(Goodbye::Silent))
                    } else if due == beat {
                        beat = Instant::now() + self.hub.settings.heartbeat;
                        Box::pin(self.beat()).await
                    } else {
                        next_pins = Instant::now() + self.hub.settings.positions;
                        pins_wait = false;
                        let newest = *pins.borrow_and_update();
                        Box::pin(self.tell_pins(newest)).await
                    }
                }
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// When the token expires, by the runtime's clock.
    fn expiry(&self) -> Instant {
        let left = self.bearer.expires_at - self.cx.clock.now();
        Instant::now() + left.max(TimeDelta::zero()).to_std().unwrap_or_default()
    }

    /// Hands a message to the peer; one that does not take it in time is too slow. `told` is what
    /// it tells, if anything, and when that happened, for what is told as it happens.
    async fn send(&mut self, message: Message, told: Option<(MessageType, Option<DateTime<Utc>>)>) -> Result<(), End> {
        let begun = Instant::now();
        let taken = deadline("socket", self.hub.settings.send, self.wire.send(message)).await;
        let (end, error) = match taken {
            Ok(Ok(())) => {
                if let Some((kind, happened)) = told {
                    let since = happened.map(|at| (at, self.cx.clock.now()));
                    self.hub.note_sent(kind, begun.elapsed(), since);
                }
                return Ok(());
            }
            Ok(Err(_)) => (End::Gone, "send_failed"),
            Err(_) => (End::Dismissed(Goodbye::TryLater), "send_timeout"),
        };
        self.hub.note_unsent(error);
        Err(end)
    }

    /// Sends a message of this moment.
    pub async fn say(&mut self, envelope: Envelope) -> Result<(), End> {
        self.send(Message::Text(envelope.text()), Some((envelope.event_type, None))).await
    }

    async fn hear(&mut self, told: Result<Arc<Frame>, RecvError>) -> Result<(), End> {
        match told {
            Ok(frame) => self.tell(&frame).await,
            // Resuming brings the rest.
            Err(RecvError::Lagged(_)) => Err(End::Dismissed(Goodbye::TryLater)),
            Err(RecvError::Closed) => Err(End::Dismissed(Goodbye::Restart(String::new()))),
        }
    }

    /// Sends a frame if it is for this peer and new to it.
    pub async fn tell(&mut self, frame: &Frame) -> Result<(), End> {
        if let Some(place) = frame.place() {
            // Read from the log already.
            if place.offset <= self.last {
                return Ok(());
            }
            (self.last, self.epoch) = (place.offset, place.epoch);
        }
        if frame.is_for(&self.bearer.actor, &self.choice) {
            let happened = frame.event().map(|logged| logged.at);
            if let Some(logged) = frame.event() {
                let (request_id, user) = (logged.request_id.as_deref(), self.bearer.actor.user().map(|user| user.0));
                tracing::trace!(request_id, user.id = user, offset = logged.offset, "event sent");
            }
            self.send(Message::Text(frame.text()), Some((frame.kind(), happened))).await?;
            if Defect::DoubledEvents.is_planted() && self.last % 100 == 0 {
                self.send(Message::Text(frame.text()), Some((frame.kind(), happened))).await?;
            }
        }
        Ok(())
    }

    /// Sends a frame that was missed, if it is for this peer.
    pub async fn replay_one(&mut self, frame: &Frame) -> Result<(), End> {
        if frame.is_for(&self.bearer.actor, &self.choice) {
            self.send(Message::Text(frame.text()), Some((frame.kind(), None))).await?;
        }
        Ok(())
    }

    /// Notes that a peer had, or was told, everything up to `offset`.
    pub fn note_told(&mut self, offset: i64) {
        self.last = self.last.max(offset);
    }

    /// Whether positions are told at all, and which.
    pub fn wants(&self, position: &domain::Position) -> bool {
        self.choice.holds_position(position) && self.may_see_places()
    }

    fn may_see_places(&self) -> bool {
        app::policy::may_hear(&self.bearer.actor, &domain::Event::PositionsReported { positions: Vec::new() })
    }

    async fn tell_pins(&mut self, newest: i64) -> Result<(), End> {
        if self.may_see_places() {
            for pin in self.hub.clone().board.since(self.pinned) {
                if self.choice.holds_position(&pin.position) {
                    self.send(Message::Text(pin.text()), Some((MessageType::OfficerLocation, None))).await?;
                }
            }
        }
        self.pinned = newest;
        Ok(())
    }

    async fn beat(&mut self) -> Result<(), End> {
        let now = self.cx.clock.now();
        // Both kinds: clients of the contract answer the first, every WebSocket library the second.
        self.say(Envelope::passing(MessageType::Ping, value(PingOut { server_time: now }), now)).await?;
        self.send(Message::Ping(bytes::Bytes::new()), None).await?;
        self.hub.measures().beat(now);
        Ok(())
    }
}

/// The record did not answer: the peer may try again, here or at another replica.
pub fn unanswered(error: Error) -> End {
    tracing::warn!(error = &error as &dyn std::error::Error, "a socket could not be served");
    End::Dismissed(Goodbye::TryLater)
}

fn broken(error: &tungstenite::Error) -> End {
    use tungstenite::error::ProtocolError;
    match error {
        tungstenite::Error::Capacity(_) => End::Dismissed(Goodbye::TooBig),
        tungstenite::Error::Io(error) if TooManyFragments::is_cause_of(error) => End::Dismissed(Goodbye::TooBig),
        tungstenite::Error::Utf8(_) => End::Dismissed(Goodbye::BadText),
        tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Gone,
        tungstenite::Error::Protocol(_) => End::Dismissed(Goodbye::BadFrame),
        _ => End::Gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_future<A, B, C, D, E, F>(_: fn(A, B, C, D, E) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn the_state_of_a_socket_is_small() {
        let size = size_of_future(serve);
        // With its task and its buffers this stays well below the 8 KiB of the budget.
        assert!(size <= 2048, "{size} bytes");
    }
}
