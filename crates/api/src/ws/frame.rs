//! One message for many sockets, written once.

use std::sync::{Arc, OnceLock};

use app::{Actor, policy};
use domain::Level;
use domain::event::{LogPosition, Logged};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use uuid::Uuid;

use super::envelope::Envelope;
use super::message_type::MessageType;
use super::payload;
use super::topic::{Choice, topic_of};

/// One message, shared by all sockets that it goes to.
pub struct Frame {
    what: What,
    // Written by the first who sends it; all others send the same bytes.
    text: OnceLock<Utf8Bytes>,
}

enum What {
    /// From the log.
    Logged(LogPosition, Box<Logged>),
    /// Of this moment, for those of a level.
    Passing(Box<Envelope>, Level),
}

impl Frame {
    /// An event at its place in the log.
    pub fn logged(at: LogPosition, logged: Logged) -> Arc<Self> {
        Arc::new(Self { what: What::Logged(at, Box::new(logged)), text: OnceLock::new() })
    }

    /// A message that is not in the log, for everybody of at least `level`.
    pub fn passing(envelope: Envelope, level: Level) -> Arc<Self> {
        Arc::new(Self { what: What::Passing(Box::new(envelope), level), text: OnceLock::new() })
    }

    /// Its place in the log, if it has one.
    pub fn place(&self) -> Option<LogPosition> {
        match &self.what {
            What::Logged(at, _) => Some(*at),
            What::Passing(..) => None,
        }
    }

    /// What it is.
    pub fn kind(&self) -> MessageType {
        match &self.what {
            What::Logged(_, logged) => MessageType::of(&logged.event),
            What::Passing(envelope, _) => envelope.event_type,
        }
    }

    /// The event, if it is one.
    pub fn event(&self) -> Option<&Logged> {
        match &self.what {
            What::Logged(_, logged) => Some(logged),
            What::Passing(..) => None,
        }
    }

    /// Whether it goes to somebody who chose to hear of `choice`.
    pub fn is_for(&self, actor: &Actor, choice: &Choice) -> bool {
        match &self.what {
            What::Logged(_, logged) => choice.holds(&logged.event) && policy::may_hear(actor, &logged.event),
            What::Passing(envelope, level) => {
                actor.level() >= Some(*level) && envelope.topic.as_ref().is_none_or(|topic| choice.names(topic))
            }
        }
    }

    /// As it goes over the wire.
    pub fn text(&self) -> Utf8Bytes {
        let written = self.text.get_or_init(|| match &self.what {
            What::Logged(at, logged) => envelope(*at, logged).text(),
            What::Passing(envelope, _) => envelope.text(),
        });
        written.clone()
    }
}

/// An event as clients get it.
pub fn envelope(at: LogPosition, logged: &Logged) -> Envelope {
    let (event_type, data) = (MessageType::of(&logged.event), payload::of(&logged.event));
    let topic = topic_of(&logged.event);
    let priority_level = logged.event.task().map_or(1, |task| task.priority.number());
    let envelope = Envelope::passing(event_type, data, logged.at).at(at);
    Envelope { message_id: logged.message_id, topic, priority_level, ..envelope }
}

/// A position as clients get it. It has no place to resume from: the newest one is told in any case.
pub fn position_envelope(position: &domain::Position) -> Envelope {
    let data = payload::position(position);
    let topic = Some(format!("efectivo:{}", position.officer));
    let envelope = Envelope::passing(MessageType::OfficerLocation, data, position.measured_at);
    Envelope { message_id: Uuid::new_v4(), topic, ..envelope }
}
