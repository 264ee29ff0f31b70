//! Events in the order in which everybody hears of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Event, stored};
use crate::Time;
use crate::stored::Unreadable;

/// An event that has its place in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Logged {
    /// Its place: dense and growing within an epoch.
    pub offset: i64,
    /// The same for all who hear of it.
    pub message_id: Uuid,
    /// What happened.
    #[serde(with = "stored")]
    pub event: Event,
    /// When.
    pub at: Time,
    /// The request that caused it.
    pub request_id: Option<String>,
}

/// A row of the log that this program cannot read. Readers pass over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableEvent {
    /// Its place in the log.
    pub offset: i64,
    /// `event_type`, as it was written.
    pub kind: String,
    /// Why; `None` when it is another part of the row than the event itself.
    pub reason: Option<Unreadable>,
}

/// Consecutive rows of the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LogPage {
    /// What happened, in order.
    pub events: Vec<Logged>,
    /// Rows between or around these that this program cannot read, in order.
    pub unreadable: Vec<UnreadableEvent>,
}

impl LogPage {
    /// Offset of the first row, readable or not.
    pub fn first(&self) -> Option<i64> {
        let (read, unreadable) = (self.events.first(), self.unreadable.first());
        read.map(|row| row.offset).into_iter().chain(unreadable.map(|row| row.offset)).min()
    }

    /// Offset of the last row, readable or not: from there a reader goes on.
    pub fn last(&self) -> Option<i64> {
        let (read, unreadable) = (self.events.last(), self.unreadable.last());
        read.map(|row| row.offset).into_iter().chain(unreadable.map(|row| row.offset)).max()
    }

    /// Whether it has fewer rows than were asked for, so that none came after.
    pub fn is_end(&self, limit: u32) -> bool {
        self.events.len() + self.unreadable.len() < usize::try_from(limit).unwrap_or(usize::MAX)
    }
}

/// How far somebody has read the log: `{epoch}:{offset}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogPosition {
    /// Of which log. It changes when the record is restored, and offsets then mean something else.
    pub epoch: Uuid,
    /// The last offset read; 0 before the first.
    pub offset: i64,
}

/// Text that is no place in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an epoch and an offset, like 0191e6c4-0000-7000-8000-000000000000:42")]
pub struct NoLogPosition;

impl fmt::Display for LogPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.epoch, self.offset)
    }
}

impl FromStr for LogPosition {
    type Err = NoLogPosition;

    fn from_str(text: &str) -> Result<Self, NoLogPosition> {
        let (epoch, offset) = text.split_once(':').ok_or(NoLogPosition)?;
        let epoch = epoch.parse().map_err(|_| NoLogPosition)?;
        let offset = offset.parse().map_err(|_| NoLogPosition)?;
        if offset < 0 { Err(NoLogPosition) } else { Ok(Self { epoch, offset }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_log_is_read_as_it_is_written() {
        let place = LogPosition { epoch: Uuid::from_u128(7), offset: 42 };
        assert_eq!(place.to_string().parse(), Ok(place));
        for text in ["", "7", "7:7", "00000000-0000-0000-0000-000000000007:-1", ":1", "x:1"] {
            assert_eq!(text.parse::<LogPosition>(), Err(NoLogPosition), "{text}");
        }
    }
}
