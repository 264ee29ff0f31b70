//! Where officers are: the newest report of each, so that a slow screen gets the present place and
//! not all places before it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use domain::{OfficerId, Position};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::frame::position_envelope;

/// The newest report of an officer, written once for all sockets.
pub struct Pin {
    /// The report.
    pub position: Position,
    /// Place in the log of the event that told it.
    pub offset: i64,
    text: OnceLock<Utf8Bytes>,
}

impl Pin {
    /// As it goes over the wire.
    pub fn text(&self) -> Utf8Bytes {
        self.text.get_or_init(|| position_envelope(&self.position).text()).clone()
    }
}

/// The newest reports of this process's time.
pub struct Board {
    // A std lock: held only to copy or exchange entries, never across an await.
    pins: RwLock<HashMap<OfficerId, Arc<Pin>>>,
    newest: watch::Sender<i64>,
}

impl Board {
    /// Nobody has reported yet.
    pub fn new() -> Self {
        Self { pins: RwLock::default(), newest: watch::channel(0).0 }
    }

    /// Notes reports of the event at `offset`.
    pub fn pin(&self, positions: &[Position], offset: i64) {
        let mut pins = self.pins.write().unwrap_or_else(PoisonError::into_inner);
        for position in positions {
            let is_newer = pins.get(&position.officer).is_none_or(|pin| position.is_newer_than(&pin.position));
            if is_newer {
                pins.insert(position.officer, Arc::new(Pin { position: *position, offset, text: OnceLock::new() }));
            }
        }
        drop(pins);
        self.newest.send_replace(offset);
    }

    /// Told when somebody has reported; the value is the offset of the newest event.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.newest.subscribe()
    }

    /// Reports of events after `offset`, by officer.
    pub fn since(&self, offset: i64) -> Vec<Arc<Pin>> {
        let pins = self.pins.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<_> = pins.values().filter(|pin| pin.offset > offset).cloned().collect();
        found.sort_unstable_by_key(|pin| pin.position.officer);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};
    use domain::Point;

    fn report(officer: i64, minute: i64) -> Position {
        let at = DateTime::from_timestamp(1_760_000_000, 0).unwrap() + TimeDelta::minutes(minute);
        let point = Point::new(-34.6, -58.4).unwrap();
        Position {
            officer: OfficerId(officer),
            point,
            accuracy_m: None,
            measured_at: at,
            received_at: at,
            reported_by: None,
        }
    }

    #[test]
    fn a_slow_reader_gets_the_newest_place_of_each_and_nothing_twice() {
        let board = Board::new();
        board.pin(&[report(1, 1), report(2, 1)], 10);
        board.pin(&[report(1, 2)], 11);
        board.pin(&[report(1, 0)], 12);
        let minutes: Vec<_> = board.since(9).iter().map(|pin| (pin.position.officer.0, pin.offset)).collect();
        assert_eq!(minutes, [(1, 11), (2, 10)]);
        assert_eq!(board.since(12).len(), 0);
        assert_eq!(*board.watch().borrow(), 12);
    }
}
