//! Officers who may have become free since the queue was last looked at.

use std::collections::BTreeSet;
use std::sync::Mutex;

use domain::{Availability, Event, OfficerId};
use tokio::sync::Notify;

/// Officers kept at most; beyond them the pass over all waiting calls finds who is free.
const MOST: usize = 10_000;

/// Officers who became free or moved, for the task that serves the queue.
///
/// A plain mutex: it is held for one insertion or for taking the whole set, never across an await.
#[derive(Debug, Default)]
pub struct FreedOfficers {
    officers: Mutex<BTreeSet<OfficerId>>,
    added: Notify,
}

impl FreedOfficers {
    /// Adds officers, and wakes the task that serves the queue where one of them was not among those kept.
    pub fn add(&self, freed: impl IntoIterator<Item = OfficerId>) {
        let Ok(mut officers) = self.officers.lock() else { return };
        let before = officers.len();
        for officer in freed {
            if officers.len() < MOST {
                officers.insert(officer);
            }
        }
        let is_added = officers.len() > before;
        drop(officers);
        if is_added {
            self.added.notify_one();
        }
    }

    /// Adds the officers whom an event of any replica frees or moves: the request may have come to a
    /// process that serves no queue, or that ended since.
    pub fn observe(&self, event: &Event) {
        match event {
            Event::OfficerStatusChanged { officer, .. } if officer.availability == Availability::Available => {
                self.add([officer.id]);
            }
            Event::PositionsReported { positions } => self.add(positions.iter().map(|position| position.officer)),
            _ => {}
        }
    }

    /// Takes all of them.
    pub fn drain(&self) -> BTreeSet<OfficerId> {
        self.officers.lock().map(|mut officers| std::mem::take(&mut *officers)).unwrap_or_default()
    }

    /// Waits until some were added.
    pub async fn added(&self) {
        self.added.notified().await;
    }
}
