//! Why a socket is closed (contract §4.5).

use domain::event::LogPosition;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

/// Why a socket is closed by us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goodbye {
    /// No token.
    NoToken,
    /// A token that opens nothing.
    BadToken,
    /// A page of another origin.
    Origin,
    /// Too many messages.
    TooFrequent,
    /// A message that is too long.
    TooBig,
    /// A text that is not UTF-8.
    BadText,
    /// A frame that breaks the protocol.
    BadFrame,
    /// No more room, or too slow: resuming brings the rest.
    TryLater,
    /// The token has expired.
    Expired,
    /// The session was ended, or its user's rights are others now.
    Revoked,
    /// The process stops; where to resume. Empty until the socket, which alone knows, says where.
    Restart(String),
    /// No sign of life.
    Silent,
    /// A defect of ours.
    Internal,
}

impl Goodbye {
    /// The process stops, and everything up to `told` was sent.
    pub fn restart_from(told: LogPosition) -> Self {
        Self::Restart(format!("reconnect, resume from {told}"))
    }

    /// Code and reason.
    pub fn code(&self) -> (u16, &str) {
        match self {
            Self::NoToken => (1008, "Authentication required"),
            Self::BadToken => (1008, "Invalid token"),
            Self::Origin => (1008, "Origin not allowed"),
            Self::TooFrequent => (1008, "Too many messages"),
            Self::TooBig => (1009, "Message too big"),
            Self::BadText => (1007, "Text must be UTF-8"),
            Self::BadFrame => (1002, "Protocol error"),
            Self::TryLater => (1013, "Try again later"),
            Self::Expired => (4401, "Token expired"),
            Self::Revoked => (4401, "Session or rights changed"),
            Self::Restart(from) => (1012, from),
            Self::Silent => (1001, "No sign of life"),
            Self::Internal => (1011, "Internal error"),
        }
    }

    /// A label of few values, for figures.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::NoToken | Self::BadToken | Self::Origin => "refused",
            Self::TooFrequent | Self::TooBig | Self::BadText | Self::BadFrame => "abuse",
            Self::TryLater => "overflow",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Restart(_) => "restart",
            Self::Silent => "silent",
            Self::Internal => "internal",
        }
    }

    /// As it goes over the wire.
    pub fn message(&self) -> Message {
        let (code, reason) = self.code();
        Message::Close(Some(CloseFrame { code: code.into(), reason: Utf8Bytes::from(reason) }))
    }
}
